-- migrate:up
-- The billing engine: plans, runs in chunks, what was decided about a period, drafts, and the facts of an invoice's later life.

-- A batch run is executed in chunks; its counts and totals are the sums of theirs, so no two chunks meet on the run's row.
ALTER TABLE runs
  ALTER COLUMN send_email DROP NOT NULL, -- NULL: as each schedule says
  ADD COLUMN customer_ids uuid[],        -- the chosen ones; NULL: all in scope
  ADD COLUMN plan_id uuid,
  ADD COLUMN plan_hash text,
  ADD COLUMN problem text NOT NULL DEFAULT '',
  ADD COLUMN complete boolean NOT NULL DEFAULT false, -- all customers of a batch are in chunks
  ADD COLUMN totals jsonb NOT NULL DEFAULT '[]'; -- of a run of one customer
UPDATE runs
   SET totals = (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')
                   FROM (SELECT i.currency_code, count(*) AS count, sum(i.total_minor) AS total_minor
                           FROM invoices i
                          WHERE i.run_id = runs.id
                          GROUP BY i.currency_code) AS t);
CREATE INDEX runs_run_on_idx ON runs (run_on, id);

CREATE TABLE run_chunks (
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  chunk_no integer NOT NULL,
  customer_ids uuid[] NOT NULL,
  -- The days of each customer's period, as its schedule said when the run took it over; NULL: as it says when it is billed.
  period_starts_on date[],
  period_ends_on date[],
  state text NOT NULL,
  invoiced_count integer NOT NULL DEFAULT 0,
  skipped_count integer NOT NULL DEFAULT 0,
  held_count integer NOT NULL DEFAULT 0,
  failed_count integer NOT NULL DEFAULT 0,
  totals jsonb NOT NULL DEFAULT '[]',
  problem text NOT NULL DEFAULT '',
  CONSTRAINT run_chunks_pkey PRIMARY KEY (id),
  CONSTRAINT run_chunks_run_id_chunk_no_key UNIQUE (run_id, chunk_no),
  CONSTRAINT run_chunks_run_fkey FOREIGN KEY (run_id) REFERENCES runs (id),
  CONSTRAINT run_chunks_state_known CHECK (state IN ('PENDING', 'DONE', 'CANCELLED', 'FAILED')),
  CONSTRAINT run_chunks_customers_bounded CHECK (cardinality(customer_ids) BETWEEN 1 AND 10000),
  CONSTRAINT run_chunks_periods_complete
    CHECK (cardinality(period_starts_on) = cardinality(customer_ids) AND cardinality(period_ends_on) = cardinality(customer_ids))
);
GRANT SELECT, INSERT, UPDATE ON run_chunks TO invoice_app;

-- A result knows the reason in words and the days that a partly billed period leaves open.
ALTER TABLE run_results
  ADD COLUMN message text NOT NULL DEFAULT '',
  ADD COLUMN uncovered jsonb NOT NULL DEFAULT '[]';
CREATE INDEX run_results_customer_idx ON run_results (customer_id, run_id);

-- What a run would do, kept for 24 hours. The hash is over the sorted items; the same books give the same hash.
CREATE TABLE run_plans (
  id uuid NOT NULL,
  hash text NOT NULL,
  mode text NOT NULL,
  run_on date NOT NULL,
  send_email boolean,
  vendor_id uuid,
  customer_ids uuid[],
  totals jsonb NOT NULL,
  invoiced_count integer NOT NULL,
  skipped_count integer NOT NULL,
  held_count integer NOT NULL,
  failed_count integer NOT NULL,
  email_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  CONSTRAINT run_plans_pkey PRIMARY KEY (id),
  CONSTRAINT run_plans_hash_form CHECK (hash ~ '^[0-9a-f]{64}$'),
  CONSTRAINT run_plans_mode_known CHECK (mode IN ('SCHEDULED', 'GENERATE_ALL'))
);
CREATE INDEX run_plans_hash_idx ON run_plans (hash, created_at);
CREATE INDEX run_plans_expires_idx ON run_plans (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON run_plans TO invoice_app;

CREATE TABLE run_plan_items (
  plan_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  customer_name text NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  period_start_on date,
  period_end_on date,
  hours numeric(18, 4),
  currency_code text,
  total_minor bigint,
  previous_total_minor bigint,
  differences jsonb NOT NULL,
  send_email boolean NOT NULL,
  digest text NOT NULL, -- of all that the plan's hash is over, for this customer
  CONSTRAINT run_plan_items_pkey PRIMARY KEY (plan_id, customer_id),
  CONSTRAINT run_plan_items_plan_fkey FOREIGN KEY (plan_id) REFERENCES run_plans (id) ON DELETE CASCADE
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT run_plan_items_outcome_known CHECK (outcome IN ('INVOICED', 'SKIPPED', 'HELD', 'FAILED'))
);
CREATE INDEX run_plan_items_name_idx ON run_plan_items (plan_id, lower(customer_name), customer_id);
GRANT SELECT, INSERT, DELETE ON run_plan_items TO invoice_app;

-- What was decided about a billing period that is not billed as usual: left out, waiting for a person, or let go again by one.
CREATE TABLE period_decisions (
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  period_start_on date NOT NULL,
  period_end_on date NOT NULL,
  due_on date NOT NULL,
  state text NOT NULL,
  reason text NOT NULL,
  message text NOT NULL,
  run_id uuid,
  decided_by text NOT NULL,
  decided_at timestamptz NOT NULL,
  CONSTRAINT period_decisions_pkey PRIMARY KEY (customer_id, period_start_on),
  CONSTRAINT period_decisions_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT period_decisions_run_fkey FOREIGN KEY (run_id) REFERENCES runs (id),
  CONSTRAINT period_decisions_state_known CHECK (state IN ('SKIPPED', 'HELD', 'REOPENED')),
  CONSTRAINT period_decisions_period_ordered CHECK (period_end_on >= period_start_on)
);
CREATE INDEX period_decisions_held_idx ON period_decisions (due_on, customer_id) WHERE state = 'HELD';
CREATE INDEX period_decisions_reopened_idx ON period_decisions (due_on, customer_id) WHERE state = 'REOPENED';
GRANT SELECT, INSERT, UPDATE, DELETE ON period_decisions TO invoice_app;

-- A change of frequency or day makes one transition period for the days between, billed on a due date of its own.
ALTER TABLE schedules
  ADD COLUMN handled_through_on date, -- the last day of the last period that a scheduled run took over
  ADD COLUMN transition_due_on date,
  ADD COLUMN transition_start_on date,
  ADD COLUMN transition_end_on date,
  ADD CONSTRAINT schedules_transition_complete
    CHECK (num_nulls(transition_due_on, transition_start_on, transition_end_on) IN (0, 3)),
  ADD CONSTRAINT schedules_transition_ordered CHECK (transition_end_on >= transition_start_on);
CREATE INDEX schedules_zone_due_idx ON schedules (time_zone, next_run_on) WHERE enabled;

-- The scheduler sleeps until something is due; a schedule that changes may be due earlier than it thinks.
CREATE FUNCTION announce_schedules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('invoice_schedules', '');
  RETURN NULL;
END $$;
CREATE TRIGGER schedules_announced AFTER INSERT OR UPDATE ON schedules
  FOR EACH STATEMENT EXECUTE FUNCTION announce_schedules();
CREATE TRIGGER period_decisions_announced AFTER INSERT OR UPDATE ON period_decisions
  FOR EACH STATEMENT EXECUTE FUNCTION announce_schedules();

-- Credit notes and taken-over invoices come from no run; a draft remembers whether it is to be sent.
ALTER TABLE invoices
  ALTER COLUMN run_id DROP NOT NULL,
  ADD COLUMN send_email boolean NOT NULL DEFAULT false,
  ADD COLUMN credit_reason text NOT NULL DEFAULT '',
  ADD COLUMN sent_note text NOT NULL DEFAULT '',
  ADD COLUMN overdue_at timestamptz, -- when it was first noticed to be overdue
  DROP CONSTRAINT invoices_mode_known,
  ADD CONSTRAINT invoices_mode_known
    CHECK (mode IN ('QUICK', 'WIZARD', 'MANUAL', 'SCHEDULED', 'GENERATE_ALL', 'IMPORTED'));

CREATE OR REPLACE FUNCTION refuse_change_of_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable CONSTANT text[] := ARRAY['cancelled_at', 'cancel_reason', 'sent_at', 'sent_note', 'paid_minor', 'credited_minor',
                                      'delivery', 'document_sha256', 'document_fault', 'overdue_at', 'version', 'updated_at'];
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

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
