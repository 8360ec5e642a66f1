-- migrate:up
-- Vendors, customers, contracts, schedules, timesheets. Ids are UUIDv7 made by the server; times come from its clock. Every row that
-- belongs to a vendor carries vendor_id and refers by composite key, so a row can never point into another vendor's books.
-- The role invoice_app (what the server runs as) must exist; it gets no more than each table needs.

CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;

GRANT USAGE ON SCHEMA public TO invoice_app;

-- Stored files (documents, logos), by content.
CREATE TABLE blobs (
  sha256 text NOT NULL,
  content_type text NOT NULL,
  bytes bytea NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT blobs_pkey PRIMARY KEY (sha256),
  CONSTRAINT blobs_sha256_form CHECK (sha256 ~ '^[0-9a-f]{64}$')
);
ALTER TABLE blobs ALTER COLUMN bytes SET STORAGE EXTERNAL;
GRANT SELECT, INSERT ON blobs TO invoice_app;

CREATE TABLE vendors (
  id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  phone text NOT NULL,
  tax_number text NOT NULL,
  default_contractor text NOT NULL,
  currency_code text NOT NULL,
  locale text NOT NULL,
  paper_size text NOT NULL,
  accent_color text NOT NULL,
  logo_sha256 text,
  address jsonb NOT NULL,
  bank jsonb NOT NULL,
  number_pattern text NOT NULL,
  credit_note_pattern text NOT NULL,
  books_closed_through_on date,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT vendors_pkey PRIMARY KEY (id),
  CONSTRAINT vendors_logo_fkey FOREIGN KEY (logo_sha256) REFERENCES blobs (sha256),
  CONSTRAINT vendors_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT vendors_currency_code_form CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT vendors_paper_size_known CHECK (paper_size IN ('A4', 'LETTER')),
  CONSTRAINT vendors_version_positive CHECK (version > 0)
);
CREATE INDEX vendors_search_idx ON vendors USING gin (lower(name) gin_trgm_ops);
GRANT SELECT, INSERT, UPDATE ON vendors TO invoice_app;

CREATE TABLE customers (
  id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  name text NOT NULL,
  email text NOT NULL,
  cc_emails jsonb NOT NULL,
  contractor_name text NOT NULL,
  service_location text NOT NULL,
  locale text NOT NULL,
  tax_number text NOT NULL,
  address jsonb NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT customers_pkey PRIMARY KEY (id),
  CONSTRAINT customers_vendor_id_id_key UNIQUE (vendor_id, id),
  CONSTRAINT customers_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT customers_name_length CHECK (length(name) BETWEEN 1 AND 200),
  CONSTRAINT customers_version_positive CHECK (version > 0)
);
CREATE INDEX customers_name_idx ON customers (lower(name), id);
CREATE INDEX customers_vendor_name_idx ON customers (vendor_id, lower(name), id);
CREATE INDEX customers_search_idx ON customers USING gin (lower(name || ' ' || email) gin_trgm_ops);
GRANT SELECT, INSERT, UPDATE ON customers TO invoice_app;

CREATE TABLE contracts (
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  invoice_prefix text NOT NULL,
  number_pattern text NOT NULL,
  frequency text NOT NULL,
  default_hours numeric(18, 4),
  rate_per_hour numeric(18, 4),
  currency_code text NOT NULL,
  taxes jsonb NOT NULL,
  payment_terms_kind text NOT NULL,
  payment_terms_days integer NOT NULL,
  extra_fees_minor bigint NOT NULL,
  extra_fees_label text NOT NULL,
  start_on date,
  end_on date,
  purchase_order text NOT NULL,
  buyer_reference text NOT NULL,
  require_timesheet boolean NOT NULL,
  notes text NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT contracts_pkey PRIMARY KEY (customer_id),
  CONSTRAINT contracts_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT contracts_frequency_known
    CHECK (frequency IN ('WEEKLY', 'BIWEEKLY', 'MONTHLY', 'QUARTERLY', 'YEARLY')),
  CONSTRAINT contracts_currency_code_form CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT contracts_payment_terms_kind_known
    CHECK (payment_terms_kind IN ('DUE_ON_RECEIPT', 'NET', 'END_OF_MONTH', 'END_OF_NEXT_MONTH')),
  CONSTRAINT contracts_payment_terms_days_range CHECK (payment_terms_days BETWEEN 0 AND 365),
  CONSTRAINT contracts_default_hours_not_negative CHECK (default_hours >= 0),
  CONSTRAINT contracts_rate_per_hour_not_negative CHECK (rate_per_hour >= 0),
  CONSTRAINT contracts_extra_fees_not_negative CHECK (extra_fees_minor >= 0),
  CONSTRAINT contracts_dates_ordered CHECK (end_on >= start_on),
  CONSTRAINT contracts_version_positive CHECK (version > 0)
);
GRANT SELECT, INSERT, UPDATE ON contracts TO invoice_app;

CREATE TABLE schedules (
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  enabled boolean NOT NULL,
  auto_send_email boolean NOT NULL,
  auto_issue boolean NOT NULL,
  time_zone text NOT NULL,
  billing_weekday integer NOT NULL,
  anchor_on date NOT NULL,
  billing_day integer NOT NULL,
  missed_run_policy text NOT NULL,
  max_catch_up integer NOT NULL,
  last_run_on date,
  next_run_on date,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT schedules_pkey PRIMARY KEY (customer_id),
  CONSTRAINT schedules_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT schedules_billing_weekday_range CHECK (billing_weekday BETWEEN 0 AND 6),
  CONSTRAINT schedules_billing_day_range CHECK (billing_day BETWEEN 1 AND 31),
  CONSTRAINT schedules_missed_run_policy_known CHECK (missed_run_policy IN ('CATCH_UP', 'SKIP', 'HOLD')),
  CONSTRAINT schedules_max_catch_up_range CHECK (max_catch_up BETWEEN 0 AND 100),
  CONSTRAINT schedules_version_positive CHECK (version > 0)
);
CREATE INDEX schedules_due_idx ON schedules (next_run_on, customer_id) WHERE enabled;
GRANT SELECT, INSERT, UPDATE ON schedules TO invoice_app;

-- Actual hours, expenses and notes of one billing period, entered before it is billed.
CREATE TABLE timesheets (
  customer_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  period_start_on date NOT NULL,
  period_end_on date NOT NULL,
  hours numeric(18, 4) NOT NULL,
  currency_code text NOT NULL,
  expenses jsonb NOT NULL,
  notes text NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT timesheets_pkey PRIMARY KEY (customer_id, period_start_on),
  CONSTRAINT timesheets_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT timesheets_no_overlap
    EXCLUDE USING gist (customer_id WITH =, daterange(period_start_on, period_end_on, '[]') WITH &&),
  CONSTRAINT timesheets_period_ordered CHECK (period_end_on >= period_start_on),
  CONSTRAINT timesheets_hours_not_negative CHECK (hours >= 0),
  CONSTRAINT timesheets_version_positive CHECK (version > 0)
);
GRANT SELECT, INSERT, UPDATE ON timesheets TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
