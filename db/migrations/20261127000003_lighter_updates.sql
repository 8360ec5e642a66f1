-- migrate:up
-- An issued invoice is updated several times: its document, its delivery, its payments. Such an update costs what it changes.

-- Room for the further versions of a row on its own page, so that no index needs to know of them.
ALTER TABLE invoices SET (fillfactor = 80);
-- Documents are compressed already.
ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;
-- Other indexes begin with the same columns: emails_vendor_id_id_key and emails_send_key.
DROP INDEX emails_vendor_idx;
DROP INDEX emails_invoice_idx;

-- The turn of the next message that has to wait for the rate limit of its configuration.
ALTER TABLE smtp_rates ADD COLUMN next_turn_at timestamptz NOT NULL DEFAULT 'epoch';
ALTER TABLE smtp_rates ALTER COLUMN next_turn_at DROP DEFAULT;

-- An issued invoice stays as it is. Only the columns named here may change after issue; a column added later is protected by default.
CREATE OR REPLACE FUNCTION refuse_change_of_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  allowed invoices;
BEGIN
  IF OLD.issued_at IS NULL THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'invoice % is issued and cannot be deleted', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  allowed := OLD;
  allowed.cancelled_at := NEW.cancelled_at;
  allowed.cancel_reason := NEW.cancel_reason;
  allowed.sent_at := NEW.sent_at;
  allowed.sent_note := NEW.sent_note;
  allowed.paid_minor := NEW.paid_minor;
  allowed.credited_minor := NEW.credited_minor;
  allowed.delivery := NEW.delivery;
  allowed.document_sha256 := NEW.document_sha256;
  allowed.document_fault := NEW.document_fault;
  allowed.overdue_at := NEW.overdue_at;
  allowed.version := NEW.version;
  allowed.updated_at := NEW.updated_at;
  -- Made from the others after this.
  allowed.stage := NEW.stage;
  allowed.open_due_on := NEW.open_due_on;
  allowed.term_days := NEW.term_days;
  IF NEW IS DISTINCT FROM allowed THEN
    RAISE EXCEPTION 'invoice % is issued and its content cannot be changed', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  IF OLD.document_sha256 IS NOT NULL AND NEW.document_sha256 IS DISTINCT FROM OLD.document_sha256 THEN
    RAISE EXCEPTION 'the document of invoice % is stored and cannot be replaced', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_document_stays';
  END IF;
  RETURN NEW;
END $$;

-- Only rows whose figures changed are taken apart.
CREATE OR REPLACE FUNCTION count_updated_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT customer_id, vendor_id, currency_code, stage = 'DRAFT', stage = 'CANCELLED', invoice_on, open_due_on,
                        total_minor, taxable_minor, paid_minor + credited_minor
                   FROM new_rows
                 EXCEPT ALL
                 SELECT customer_id, vendor_id, currency_code, stage = 'DRAFT', stage = 'CANCELLED', invoice_on, open_due_on,
                        total_minor, taxable_minor, paid_minor + credited_minor
                   FROM old_rows) THEN
    RETURN NULL;
  END IF;
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT f.figure, c.vendor_id, c.currency_code, f.on_day, f.zone, sum(c.sign * f.document_count),
         sum(c.sign * f.amount_minor), sum(c.sign * f.net_minor)
    FROM (SELECT 1 AS sign, customer_id, vendor_id, currency_code, stage, invoice_on, open_due_on, total_minor, taxable_minor,
                 paid_minor + credited_minor AS settled_minor
            FROM new_rows
           UNION ALL
          SELECT -1, customer_id, vendor_id, currency_code, stage, invoice_on, open_due_on, total_minor, taxable_minor,
                 paid_minor + credited_minor
            FROM old_rows) AS c
    LEFT JOIN schedules s ON s.customer_id = c.customer_id
   CROSS JOIN LATERAL figures_of_invoice(c.stage, c.invoice_on, c.open_due_on, coalesce(s.time_zone, 'UTC'), c.total_minor,
                                         c.taxable_minor, c.settled_minor) f
   GROUP BY 1, 2, 3, 4, 5
  HAVING sum(c.sign * f.document_count) <> 0 OR sum(c.sign * f.amount_minor) <> 0 OR sum(c.sign * f.net_minor) <> 0;
  RETURN NULL;
END $$;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
