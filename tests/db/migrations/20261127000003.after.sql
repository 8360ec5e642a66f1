-- An issued invoice takes what happens to it, and nothing else.
DO $$
DECLARE
  changed integer;
BEGIN
  UPDATE invoices SET delivery = delivery, sent_note = 'by post', version = version + 1, updated_at = now() WHERE issued_at IS NOT NULL;
  GET DIAGNOSTICS changed = ROW_COUNT;
  ASSERT changed > 0, 'there is an issued invoice';
  BEGIN
    UPDATE invoices SET notes = notes || 'x' WHERE issued_at IS NOT NULL;
    RAISE EXCEPTION 'an issued invoice was changed';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
  BEGIN
    UPDATE invoices SET customer_snapshot = customer_snapshot || '{"name": "x"}' WHERE issued_at IS NOT NULL;
    RAISE EXCEPTION 'the customer of an issued invoice was changed';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
END $$;
