-- migrate:up
-- Files that were checked and wait to be executed, and the numbers of invoices that were taken over.

-- One checked CSV file. It can be executed once, until it expires; outdated ones are removed when another file is checked.
CREATE TABLE imports (
  id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  kind text NOT NULL,
  row_count integer NOT NULL,
  faulty_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  executed_at timestamptz,
  CONSTRAINT imports_pkey PRIMARY KEY (id),
  CONSTRAINT imports_vendor_id_id_key UNIQUE (vendor_id, id),
  CONSTRAINT imports_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT imports_kind_known CHECK (kind IN ('CUSTOMERS', 'INVOICES', 'TIMESHEETS')),
  CONSTRAINT imports_counts_range CHECK (faulty_count BETWEEN 0 AND row_count),
  CONSTRAINT imports_faulty_stays CHECK (executed_at IS NULL OR faulty_count = 0)
);
CREATE INDEX imports_expires_idx ON imports (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON imports TO invoice_app;

CREATE TABLE import_rows (
  import_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  line integer NOT NULL,
  name text NOT NULL,
  customer text NOT NULL, -- id or name of the customer the row belongs to; empty for a new customer
  content jsonb NOT NULL,
  faults jsonb NOT NULL,
  warnings jsonb NOT NULL,
  CONSTRAINT import_rows_pkey PRIMARY KEY (import_id, line),
  CONSTRAINT import_rows_import_fkey FOREIGN KEY (vendor_id, import_id) REFERENCES imports (vendor_id, id) ON DELETE CASCADE,
  CONSTRAINT import_rows_line_positive CHECK (line > 0)
);
GRANT SELECT, INSERT, DELETE ON import_rows TO invoice_app;

-- A series that is opened starts above the numbers of its form that were taken over.
CREATE INDEX invoices_imported_idx ON invoices (vendor_id, number) WHERE mode = 'IMPORTED';

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
