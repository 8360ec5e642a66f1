-- migrate:up
-- Runs, invoices, the days they claim, and their numbers.

-- One execution of generation. A run of one customer belongs to that vendor, a batch run to none.
CREATE TABLE runs (
  id uuid NOT NULL,
  vendor_id uuid,
  mode text NOT NULL,
  state text NOT NULL,
  run_on date NOT NULL,
  send_email boolean NOT NULL,
  requested_by text NOT NULL,
  total_count integer NOT NULL,
  invoiced_count integer NOT NULL,
  skipped_count integer NOT NULL,
  held_count integer NOT NULL,
  failed_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  finished_at timestamptz,
  version bigint NOT NULL,
  CONSTRAINT runs_pkey PRIMARY KEY (id),
  CONSTRAINT runs_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT runs_mode_known CHECK (mode IN ('QUICK', 'WIZARD', 'MANUAL', 'SCHEDULED', 'GENERATE_ALL')),
  CONSTRAINT runs_state_known CHECK (state IN ('PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'STOPPED')),
  CONSTRAINT runs_counts_not_negative
    CHECK (least(total_count, invoiced_count, skipped_count, held_count, failed_count) >= 0)
);
CREATE INDEX runs_newest_idx ON runs (id DESC);
GRANT SELECT, INSERT, UPDATE ON runs TO invoice_app;

-- The last number given in each series of a vendor: the pattern with all but {SEQ} filled in.
CREATE TABLE number_series (
  vendor_id uuid NOT NULL,
  series_key text NOT NULL,
  last_sequence bigint NOT NULL,
  CONSTRAINT number_series_pkey PRIMARY KEY (vendor_id, series_key),
  CONSTRAINT number_series_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT number_series_last_sequence_not_negative CHECK (last_sequence >= 0)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON number_series TO invoice_app;

-- Invoices and credit notes. A row with issued_at is in the books: its content never changes again (trigger below). States are
-- computed from the stored facts; they are not a column.
CREATE TABLE invoices (
  id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  run_id uuid NOT NULL,
  kind text NOT NULL,
  original_invoice_id uuid,
  mode text NOT NULL,
  -- content
  number text,
  series_key text,
  sequence bigint,
  invoice_on date NOT NULL,
  due_on date NOT NULL,
  period_start_on date NOT NULL,
  period_end_on date NOT NULL,
  currency_code text NOT NULL,
  vendor_snapshot jsonb NOT NULL,
  customer_snapshot jsonb NOT NULL,
  customer_name text NOT NULL,
  contractor_name text NOT NULL,
  service_location text NOT NULL,
  purchase_order text NOT NULL,
  buyer_reference text NOT NULL,
  payment_terms_kind text NOT NULL,
  payment_terms_days integer NOT NULL,
  notes text NOT NULL,
  duplicate_reason text NOT NULL,
  rounding_version integer NOT NULL,
  subtotal_minor bigint NOT NULL,
  discount_minor bigint NOT NULL,
  taxable_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  created_at timestamptz NOT NULL,
  created_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  issued_at timestamptz,
  -- facts of its later life
  cancelled_at timestamptz,
  cancel_reason text NOT NULL DEFAULT '',
  sent_at timestamptz,
  paid_minor bigint NOT NULL DEFAULT 0,
  credited_minor bigint NOT NULL DEFAULT 0,
  delivery text NOT NULL DEFAULT 'NONE',
  document_sha256 text,
  document_fault text NOT NULL DEFAULT '',
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT invoices_pkey PRIMARY KEY (id),
  CONSTRAINT invoices_vendor_id_id_key UNIQUE (vendor_id, id),
  CONSTRAINT invoices_customer_id_id_key UNIQUE (customer_id, id),
  CONSTRAINT invoices_vendor_id_number_key UNIQUE (vendor_id, number),
  CONSTRAINT invoices_series_sequence_key UNIQUE (vendor_id, series_key, sequence),
  CONSTRAINT invoices_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT invoices_run_fkey FOREIGN KEY (run_id) REFERENCES runs (id),
  CONSTRAINT invoices_original_fkey FOREIGN KEY (vendor_id, original_invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT invoices_document_fkey FOREIGN KEY (document_sha256) REFERENCES blobs (sha256),
  CONSTRAINT invoices_kind_known CHECK (kind IN ('INVOICE', 'CREDIT_NOTE')),
  CONSTRAINT invoices_credit_note_has_original CHECK ((kind = 'CREDIT_NOTE') = (original_invoice_id IS NOT NULL)),
  CONSTRAINT invoices_mode_known CHECK (mode IN ('QUICK', 'WIZARD', 'MANUAL', 'SCHEDULED', 'GENERATE_ALL')),
  CONSTRAINT invoices_issued_has_number CHECK ((issued_at IS NULL) = (number IS NULL)),
  CONSTRAINT invoices_series_complete CHECK ((series_key IS NULL) = (sequence IS NULL)),
  CONSTRAINT invoices_period_ordered CHECK (period_end_on >= period_start_on),
  CONSTRAINT invoices_due_not_before_date CHECK (due_on >= invoice_on),
  CONSTRAINT invoices_currency_code_form CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT invoices_taxable_adds_up CHECK (taxable_minor = subtotal_minor - discount_minor),
  CONSTRAINT invoices_total_adds_up CHECK (total_minor = taxable_minor + tax_minor),
  CONSTRAINT invoices_invoice_not_negative CHECK (kind = 'CREDIT_NOTE' OR total_minor >= 0),
  CONSTRAINT invoices_delivery_known
    CHECK (delivery IN ('NONE', 'QUEUED', 'SENT', 'FAILED', 'HELD', 'BOUNCED', 'UNKNOWN', 'MARKED')),
  CONSTRAINT invoices_version_positive CHECK (version > 0)
);
CREATE INDEX invoices_date_idx ON invoices (invoice_on, id);
CREATE INDEX invoices_customer_date_idx ON invoices (customer_id, invoice_on, id);
CREATE INDEX invoices_vendor_date_idx ON invoices (vendor_id, invoice_on, id);
CREATE INDEX invoices_run_idx ON invoices (run_id);
CREATE INDEX invoices_original_idx ON invoices (vendor_id, original_invoice_id) WHERE original_invoice_id IS NOT NULL;
CREATE INDEX invoices_search_idx ON invoices USING gin (lower(coalesce(number, '') || ' ' || customer_name) gin_trgm_ops);
GRANT SELECT, INSERT, UPDATE, DELETE ON invoices TO invoice_app;

CREATE TABLE invoice_lines (
  invoice_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  line_no integer NOT NULL,
  description text NOT NULL,
  quantity numeric(18, 4) NOT NULL,
  unit text NOT NULL,
  unit_price numeric(18, 4) NOT NULL,
  discount_minor bigint NOT NULL,
  amount_minor bigint NOT NULL,
  tax_names jsonb NOT NULL,
  CONSTRAINT invoice_lines_pkey PRIMARY KEY (invoice_id, line_no),
  CONSTRAINT invoice_lines_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT invoice_lines_line_no_range CHECK (line_no BETWEEN 1 AND 2000),
  CONSTRAINT invoice_lines_unit_known CHECK (unit IN ('HOUR', 'DAY', 'MONTH', 'PIECE', 'KILOMETRE')),
  CONSTRAINT invoice_lines_unit_price_not_negative CHECK (unit_price >= 0)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON invoice_lines TO invoice_app;

CREATE TABLE invoice_taxes (
  invoice_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  tax_no integer NOT NULL,
  name text NOT NULL,
  rate numeric(9, 6) NOT NULL,
  registration_number text NOT NULL,
  category text NOT NULL,
  exemption_reason text NOT NULL,
  base_minor bigint NOT NULL,
  amount_minor bigint NOT NULL,
  CONSTRAINT invoice_taxes_pkey PRIMARY KEY (invoice_id, tax_no),
  CONSTRAINT invoice_taxes_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT invoice_taxes_rate_range CHECK (rate BETWEEN 0 AND 1),
  CONSTRAINT invoice_taxes_category_known
    CHECK (category IN ('STANDARD', 'ZERO', 'EXEMPT', 'REVERSE_CHARGE', 'OUTSIDE_SCOPE'))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON invoice_taxes TO invoice_app;

-- The days each standing invoice bills. The exclusion constraint is what makes a second bill for a day impossible, whoever writes.
CREATE TABLE period_claims (
  invoice_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  days daterange NOT NULL,
  CONSTRAINT period_claims_pkey PRIMARY KEY (invoice_id, days),
  -- Deferred: the claim comes before the number is taken, and the invoice, which holds the number, after it.
  CONSTRAINT period_claims_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id)
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT period_claims_same_customer_fkey FOREIGN KEY (customer_id, invoice_id) REFERENCES invoices (customer_id, id)
    DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT period_claims_days_not_empty CHECK (NOT isempty(days) AND NOT lower_inf(days) AND NOT upper_inf(days)),
  CONSTRAINT period_claims_no_overlap EXCLUDE USING gist (customer_id WITH =, days WITH &&)
);
GRANT SELECT, INSERT, DELETE ON period_claims TO invoice_app;

-- What a run decided for each customer, with the rule and the values that decided.
CREATE TABLE run_results (
  run_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  outcome text NOT NULL,
  reason text NOT NULL,
  detail jsonb NOT NULL,
  invoice_id uuid,
  period_start_on date,
  period_end_on date,
  created_at timestamptz NOT NULL,
  CONSTRAINT run_results_pkey PRIMARY KEY (run_id, customer_id),
  CONSTRAINT run_results_run_fkey FOREIGN KEY (run_id) REFERENCES runs (id),
  CONSTRAINT run_results_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT run_results_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT run_results_outcome_known CHECK (outcome IN ('INVOICED', 'SKIPPED', 'HELD', 'FAILED'))
);
GRANT SELECT, INSERT, UPDATE ON run_results TO invoice_app;

-- An issued invoice stays as it is. Only the columns named here may change after issue; a column added later is protected by default.
CREATE FUNCTION refuse_change_of_issued_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable CONSTANT text[] := ARRAY['cancelled_at', 'cancel_reason', 'sent_at', 'paid_minor', 'credited_minor', 'delivery',
                                      'document_sha256', 'document_fault', 'version', 'updated_at'];
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
CREATE TRIGGER invoices_issued_stays BEFORE UPDATE OR DELETE ON invoices
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_issued_invoice();

-- Lines and taxes of an issued invoice stay too. They are added in the transaction that creates the invoice.
CREATE FUNCTION refuse_change_of_issued_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  issued_number text;
BEGIN
  SELECT i.number INTO issued_number FROM old_parts p JOIN invoices i ON i.id = p.invoice_id
   WHERE i.issued_at IS NOT NULL LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'invoice % is issued and its % cannot be changed', issued_number, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION refuse_late_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  issued_number text;
BEGIN
  SELECT i.number INTO issued_number FROM new_parts p JOIN invoices i ON i.id = p.invoice_id
   WHERE i.issued_at IS NOT NULL AND i.created_in <> pg_current_xact_id() LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'invoice % is issued and its % cannot be added to', issued_number, TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'invoices_issued_stays';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER invoice_lines_changed AFTER UPDATE ON invoice_lines REFERENCING OLD TABLE AS old_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_issued_parts();
CREATE TRIGGER invoice_lines_deleted AFTER DELETE ON invoice_lines REFERENCING OLD TABLE AS old_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_issued_parts();
CREATE TRIGGER invoice_lines_added AFTER INSERT ON invoice_lines REFERENCING NEW TABLE AS new_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_parts();
CREATE TRIGGER invoice_taxes_changed AFTER UPDATE ON invoice_taxes REFERENCING OLD TABLE AS old_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_issued_parts();
CREATE TRIGGER invoice_taxes_deleted AFTER DELETE ON invoice_taxes REFERENCING OLD TABLE AS old_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_issued_parts();
CREATE TRIGGER invoice_taxes_added AFTER INSERT ON invoice_taxes REFERENCING NEW TABLE AS new_parts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_late_parts();

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
