-- What was there has its stage and stands in the rollups; the new columns follow the facts, the content stays protected.
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM invoices) > 0, 'there are invoices to look at';
  ASSERT NOT EXISTS (SELECT FROM invoices WHERE (stage = 'DRAFT') <> (issued_at IS NULL AND cancelled_at IS NULL)), 'stages';
  ASSERT (SELECT coalesce(sum(document_count), 0) FROM rollups WHERE figure = 'ISSUED')
       = (SELECT count(*) FROM invoices WHERE stage NOT IN ('DRAFT', 'CANCELLED')), 'issued ones are counted';
  ASSERT (SELECT coalesce(sum(amount_minor), 0) FROM rollups WHERE figure = 'OPEN')
       = (SELECT coalesce(sum(total_minor - paid_minor - credited_minor), 0) FROM invoices WHERE open_due_on IS NOT NULL),
         'what is open is added up';
  ASSERT (SELECT coalesce(sum(amount_minor), 0) FROM rollups WHERE figure = 'PAID')
       = (SELECT coalesce(sum(amount_minor), 0) FROM payments WHERE reversed_at IS NULL), 'payments are added up';
  UPDATE invoices SET sent_at = now() WHERE issued_at IS NOT NULL;
  BEGIN
    UPDATE invoices SET purchase_order = 'changed' WHERE issued_at IS NOT NULL;
    RAISE EXCEPTION 'content of an issued invoice was changed';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
END $$;
