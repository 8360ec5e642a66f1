-- The invoice that was there can be paid, no further than it is open, and what pays it stays as it was recorded.
DO $$
DECLARE
  i invoices;
  pay CONSTANT uuid := '01900000-0000-7000-8000-0000000000a1';
  allocation text := 'INSERT INTO payment_allocations SELECT gen_random_uuid(), $1, vendor_id, customer_id, id, $2, $3, now() FROM invoices';
BEGIN
  SELECT * INTO i FROM invoices LIMIT 1;
  ASSERT i.paid_minor = 0 AND i.credited_minor = 0, 'nothing was paid before there were payments';
  INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, reference, notes, created_at,
                        version, updated_at)
  VALUES (pay, i.vendor_id, i.customer_id, '2026-11-20', i.total_minor + 50, i.currency_code, 'CASH', '', '', now(), 1, now());
  EXECUTE allocation USING pay, i.total_minor, 'ALLOCATED';
  ASSERT (SELECT paid_minor = total_minor FROM invoices WHERE id = i.id), 'the invoice follows its allocations';
  ASSERT (SELECT allocated_minor = i.total_minor FROM payments), 'the payment follows its allocations';
  BEGIN
    EXECUTE allocation USING pay, 1::bigint, 'ALLOCATED';
    RAISE EXCEPTION 'more was paid than is open';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
  BEGIN
    UPDATE payments SET amount_minor = 1;
    RAISE EXCEPTION 'a recorded amount was changed';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
  BEGIN
    DELETE FROM payment_allocations;
    RAISE EXCEPTION 'an allocation was deleted';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
  EXECUTE allocation USING pay, -i.total_minor, 'REVERSED';
  UPDATE payments SET reversed_at = now(), reverse_reason = 'test';
  ASSERT (SELECT paid_minor = 0 FROM invoices WHERE id = i.id), 'what was reversed is open again';
  ASSERT (SELECT bool_and(original_line_no IS NULL) FROM invoice_lines), 'lines of invoices take nothing back';
END $$;
