-- migrate:up
-- Lists that cost the same on every page, figures of the dashboard that are kept up to date, and what fell overdue.

-- The state of an invoice but for the calendar: OVERDUE is an open one whose `open_due_on` is past in its customer's time zone.
-- The same precedence as domain/states.h. `term_days` is from the invoice's to its due date, -1 where it is not open: among invoices of
-- one stage and term, those past due are a range of invoice dates. All follow from the facts, so the trigger that keeps issued
-- invoices lets them change.
ALTER TABLE invoices
  ADD COLUMN stage text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN cancelled_at IS NOT NULL THEN 'CANCELLED'
         WHEN issued_at IS NULL THEN 'DRAFT'
         WHEN total_minor < 0 THEN CASE WHEN sent_at IS NULL THEN 'ISSUED' ELSE 'SENT' END
         WHEN credited_minor > 0 AND credited_minor >= total_minor THEN 'CREDITED'
         WHEN paid_minor + credited_minor >= total_minor THEN 'PAID'
         WHEN paid_minor > 0 THEN 'PARTIALLY_PAID'
         WHEN sent_at IS NOT NULL THEN 'SENT'
         ELSE 'ISSUED' END) STORED,
  ADD COLUMN open_due_on date GENERATED ALWAYS AS (
    CASE WHEN issued_at IS NOT NULL AND cancelled_at IS NULL AND total_minor >= 0
          AND paid_minor + credited_minor < total_minor THEN due_on END) STORED,
  ADD COLUMN term_days integer NOT NULL GENERATED ALWAYS AS (
    CASE WHEN issued_at IS NOT NULL AND cancelled_at IS NULL AND total_minor >= 0
          AND paid_minor + credited_minor < total_minor THEN due_on - invoice_on ELSE -1 END) STORED;

CREATE OR REPLACE FUNCTION refuse_change_of_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable CONSTANT text[] := ARRAY['cancelled_at', 'cancel_reason', 'sent_at', 'sent_note', 'paid_minor', 'credited_minor',
                                      'delivery', 'document_sha256', 'document_fault', 'overdue_at', 'stage', 'open_due_on',
                                      'term_days', 'version', 'updated_at'];
BEGIN
  IF OLD.issued_at IS NULL THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'invoice % is issued and cannot be deleted', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  IF to_jsonb(NEW) - changeable IS DISTINCT FROM to_jsonb(OLD) - changeable THEN
    RAISE EXCEPTION 'invoice % is issued and its content cannot be changed', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  IF OLD.document_sha256 IS NOT NULL AND NEW.document_sha256 IS DISTINCT FROM OLD.document_sha256 THEN
    RAISE EXCEPTION 'the document of invoice % is stored and cannot be replaced', OLD.number
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_document_stays';
  END IF;
  RETURN NEW;
END $$;

-- A page of any state is read in order from one of these, and counted without looking at the rows.
DROP INDEX invoices_date_idx;
DROP INDEX invoices_vendor_date_idx;
DROP INDEX invoices_customer_date_idx;
CREATE INDEX invoices_stage_date_idx ON invoices (stage, term_days, invoice_on, id) INCLUDE (customer_id);
CREATE INDEX invoices_vendor_stage_date_idx ON invoices (vendor_id, stage, term_days, invoice_on, id) INCLUDE (customer_id);
CREATE INDEX invoices_customer_date_idx ON invoices (customer_id, invoice_on, id) INCLUDE (stage, term_days);
-- What is still to be noted as overdue.
CREATE INDEX invoices_not_yet_overdue_idx ON invoices (open_due_on, id) INCLUDE (customer_id)
  WHERE open_due_on IS NOT NULL AND overdue_at IS NULL;

CREATE INDEX schedules_vendor_due_idx ON schedules (vendor_id, next_run_on, customer_id) WHERE enabled;
CREATE INDEX customers_active_idx ON customers (vendor_id) WHERE active;
CREATE INDEX emails_problem_idx ON emails (vendor_id) WHERE state IN ('FAILED', 'BOUNCED', 'HELD');
-- What people in accounts read about, newest first.
CREATE INDEX audit_events_activity_idx ON audit_events (id)
  WHERE resource IN ('invoice', 'draft', 'payment', 'run', 'email');
CREATE INDEX audit_events_vendor_activity_idx ON audit_events (vendor_id, id)
  WHERE resource IN ('invoice', 'draft', 'payment', 'run', 'email');

-- Figures of a vendor in a currency: DRAFT (no day), ISSUED (by month of the invoice date), PAID (by month of the payment), OPEN (by due
-- date and the customers' time zone). Every statement that changes invoices or payments appends what it changed; a background job
-- folds that into the rollups. Readers add the two.
CREATE TABLE rollups (
  figure text NOT NULL,
  vendor_id uuid NOT NULL,
  currency_code text NOT NULL,
  on_day date NOT NULL,
  time_zone text NOT NULL,
  document_count bigint NOT NULL,
  amount_minor numeric(30) NOT NULL, -- of OPEN what is still to be paid
  net_minor numeric(30) NOT NULL,    -- of ISSUED the amount without taxes; else 0
  CONSTRAINT rollups_pkey PRIMARY KEY (figure, vendor_id, on_day, currency_code, time_zone),
  CONSTRAINT rollups_figure_known CHECK (figure IN ('DRAFT', 'ISSUED', 'OPEN', 'PAID'))
) WITH (fillfactor = 70);
CREATE INDEX rollups_empty_idx ON rollups (figure) WHERE document_count = 0 AND amount_minor = 0 AND net_minor = 0;
GRANT SELECT, INSERT, UPDATE, DELETE ON rollups TO invoice_app;

CREATE TABLE rollup_deltas (
  id bigint GENERATED ALWAYS AS IDENTITY,
  figure text NOT NULL,
  vendor_id uuid NOT NULL,
  currency_code text NOT NULL,
  on_day date NOT NULL,
  time_zone text NOT NULL,
  document_count bigint NOT NULL,
  amount_minor numeric(30) NOT NULL,
  net_minor numeric(30) NOT NULL,
  CONSTRAINT rollup_deltas_pkey PRIMARY KEY (id)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rollup_deltas TO invoice_app;

-- What one invoice adds to the figures.
CREATE FUNCTION figures_of_invoice(stage text, invoice_on date, open_due_on date, time_zone text, total_minor bigint,
                                   taxable_minor bigint, settled_minor bigint)
  RETURNS TABLE (figure text, on_day date, zone text, document_count integer, amount_minor bigint, net_minor bigint)
  LANGUAGE sql IMMUTABLE AS $$
  SELECT 'DRAFT', DATE '1970-01-01', '', 1, 0::bigint, 0::bigint
   WHERE stage = 'DRAFT'
  UNION ALL
  SELECT 'ISSUED', date_trunc('month', invoice_on::timestamp)::date, '', 1, total_minor, taxable_minor
   WHERE stage NOT IN ('DRAFT', 'CANCELLED')
  UNION ALL
  SELECT 'OPEN', open_due_on, time_zone, 1, total_minor - settled_minor, 0::bigint
   WHERE open_due_on IS NOT NULL
$$;

-- A batch is added up before it is taken apart into figures: this runs within every run's insert.
CREATE FUNCTION count_inserted_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT f.figure, g.vendor_id, g.currency_code, f.on_day, f.time_zone, sum(g.count), sum(f.amount_minor), sum(f.net_minor)
    FROM (SELECT n.vendor_id, n.currency_code, n.stage, n.open_due_on, date_trunc('month', n.invoice_on::timestamp)::date AS month,
                 coalesce(s.time_zone, 'UTC') AS time_zone, count(*) AS count, sum(n.total_minor) AS total_minor,
                 sum(n.taxable_minor) AS taxable_minor, sum(n.total_minor - n.paid_minor - n.credited_minor) AS open_minor
            FROM new_rows n
            LEFT JOIN schedules s ON s.customer_id = n.customer_id
           GROUP BY 1, 2, 3, 4, 5, 6) AS g
   CROSS JOIN LATERAL (VALUES
           ('DRAFT', DATE '1970-01-01', '', 0, 0, g.stage = 'DRAFT'),
           ('ISSUED', g.month, '', g.total_minor, g.taxable_minor, g.stage NOT IN ('DRAFT', 'CANCELLED')),
           ('OPEN', g.open_due_on, g.time_zone, g.open_minor, 0, g.open_due_on IS NOT NULL)
         ) AS f (figure, on_day, time_zone, amount_minor, net_minor, counts)
   WHERE f.counts
   GROUP BY 1, 2, 3, 4, 5;
  RETURN NULL;
END $$;

CREATE FUNCTION count_updated_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
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

CREATE FUNCTION count_deleted_invoices() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT 'DRAFT', vendor_id, currency_code, DATE '1970-01-01', '', -count(*), 0, 0
    FROM old_rows
   WHERE stage = 'DRAFT'
   GROUP BY vendor_id, currency_code;
  RETURN NULL;
END $$;

CREATE TRIGGER invoices_inserted_counted AFTER INSERT ON invoices
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_inserted_invoices();
CREATE TRIGGER invoices_updated_counted AFTER UPDATE ON invoices
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_updated_invoices();
CREATE TRIGGER invoices_deleted_counted AFTER DELETE ON invoices
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION count_deleted_invoices();

-- A customer that moves takes what is open into the other time zone. The rows are locked so that a payment under way is seen either
-- by this statement or with the new zone.
CREATE FUNCTION move_open_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM invoices WHERE customer_id = NEW.customer_id AND open_due_on IS NOT NULL FOR UPDATE;
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT 'OPEN', i.vendor_id, i.currency_code, i.open_due_on, moved.time_zone, moved.sign * count(*),
         moved.sign * sum(i.total_minor - i.paid_minor - i.credited_minor), 0
    FROM invoices i
   CROSS JOIN (VALUES (-1, OLD.time_zone), (1, NEW.time_zone)) AS moved (sign, time_zone)
   WHERE i.customer_id = NEW.customer_id AND i.open_due_on IS NOT NULL
   GROUP BY i.vendor_id, i.currency_code, i.open_due_on, moved.time_zone, moved.sign;
  RETURN NULL;
END $$;
CREATE TRIGGER schedules_zone_counted AFTER UPDATE OF time_zone ON schedules
  FOR EACH ROW WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION move_open_figures();

CREATE FUNCTION count_recorded_payments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT 'PAID', vendor_id, currency_code, date_trunc('month', paid_on::timestamp)::date, '', count(*), sum(amount_minor), 0
    FROM new_rows
   WHERE reversed_at IS NULL
   GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
CREATE TRIGGER payments_recorded_counted AFTER INSERT ON payments
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION count_recorded_payments();

CREATE FUNCTION count_reversed_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  VALUES ('PAID', NEW.vendor_id, NEW.currency_code, date_trunc('month', NEW.paid_on::timestamp)::date, '', -1, -NEW.amount_minor, 0);
  RETURN NULL;
END $$;
CREATE TRIGGER payments_reversed_counted AFTER UPDATE OF reversed_at ON payments
  FOR EACH ROW WHEN (OLD.reversed_at IS NULL AND NEW.reversed_at IS NOT NULL) EXECUTE FUNCTION count_reversed_payment();

INSERT INTO rollups (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
SELECT f.figure, i.vendor_id, i.currency_code, f.on_day, f.zone, sum(f.document_count), sum(f.amount_minor), sum(f.net_minor)
  FROM invoices i
  LEFT JOIN schedules s ON s.customer_id = i.customer_id
 CROSS JOIN LATERAL figures_of_invoice(i.stage, i.invoice_on, i.open_due_on, coalesce(s.time_zone, 'UTC'), i.total_minor,
                                       i.taxable_minor, i.paid_minor + i.credited_minor) f
 GROUP BY 1, 2, 3, 4, 5;
INSERT INTO rollups (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
SELECT 'PAID', vendor_id, currency_code, date_trunc('month', paid_on::timestamp)::date, '', count(*), sum(amount_minor), 0
  FROM payments
 WHERE reversed_at IS NULL
 GROUP BY 1, 2, 3, 4;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
