-- migrate:up
-- Payments of customers, what they pay, and what credit notes take back.

CREATE TABLE payments (
  id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  paid_on date NOT NULL,
  amount_minor bigint NOT NULL,
  currency_code text NOT NULL,
  method text NOT NULL,
  reference text NOT NULL,
  notes text NOT NULL,
  allocated_minor bigint NOT NULL DEFAULT 0, -- the sum of its allocations, kept by their trigger
  reversed_at timestamptz,
  reverse_reason text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  version bigint NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT payments_pkey PRIMARY KEY (id),
  CONSTRAINT payments_customer_id_id_key UNIQUE (customer_id, id),
  CONSTRAINT payments_customer_fkey FOREIGN KEY (vendor_id, customer_id) REFERENCES customers (vendor_id, id),
  CONSTRAINT payments_amount_positive CHECK (amount_minor > 0),
  CONSTRAINT payments_allocated_within_amount CHECK (allocated_minor BETWEEN 0 AND amount_minor),
  CONSTRAINT payments_reversed_pays_nothing CHECK (reversed_at IS NULL OR allocated_minor = 0),
  CONSTRAINT payments_currency_code_form CHECK (currency_code ~ '^[A-Z]{3}$'),
  CONSTRAINT payments_method_known
    CHECK (method IN ('BANK_TRANSFER', 'DIRECT_DEBIT', 'CARD', 'CHEQUE', 'CASH', 'OTHER')),
  CONSTRAINT payments_version_positive CHECK (version > 0)
);
CREATE INDEX payments_date_idx ON payments (paid_on, id);
CREATE INDEX payments_customer_date_idx ON payments (customer_id, paid_on, id);
CREATE INDEX payments_vendor_date_idx ON payments (vendor_id, paid_on, id);
GRANT SELECT, INSERT, UPDATE ON payments TO invoice_app;

-- What a payment pays of an invoice; append-only. What ends is a row below zero, with why: the payment was reversed, or a credit
-- note left less to pay.
CREATE TABLE payment_allocations (
  id uuid NOT NULL,
  payment_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  amount_minor bigint NOT NULL,
  reason text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT payment_allocations_pkey PRIMARY KEY (id),
  CONSTRAINT payment_allocations_payment_fkey FOREIGN KEY (customer_id, payment_id) REFERENCES payments (customer_id, id),
  CONSTRAINT payment_allocations_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT payment_allocations_same_customer_fkey
    FOREIGN KEY (customer_id, invoice_id) REFERENCES invoices (customer_id, id),
  CONSTRAINT payment_allocations_reason_known CHECK (reason IN ('ALLOCATED', 'REVERSED', 'CREDITED')),
  CONSTRAINT payment_allocations_sign
    CHECK (amount_minor <> 0 AND (reason = 'ALLOCATED') = (amount_minor > 0))
);
CREATE INDEX payment_allocations_payment_idx ON payment_allocations (payment_id, invoice_id);
CREATE INDEX payment_allocations_invoice_idx ON payment_allocations (invoice_id, payment_id);
GRANT SELECT, INSERT ON payment_allocations TO invoice_app;

-- The sums on payment and invoice follow every allocation, whoever writes it.
CREATE FUNCTION apply_payment_allocation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE payments
     SET allocated_minor = allocated_minor + NEW.amount_minor, version = version + 1, updated_at = NEW.created_at
   WHERE id = NEW.payment_id;
  UPDATE invoices i
     SET paid_minor = i.paid_minor + NEW.amount_minor, version = i.version + 1, updated_at = NEW.created_at
    FROM payments p
   WHERE i.id = NEW.invoice_id AND p.id = NEW.payment_id AND i.currency_code = p.currency_code
     AND i.kind = 'INVOICE' AND i.issued_at IS NOT NULL AND i.cancelled_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'a payment pays issued invoices in its currency'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_allocations_payable';
  END IF;
  IF NEW.amount_minor < 0 AND
     (SELECT sum(amount_minor) FROM payment_allocations
       WHERE payment_id = NEW.payment_id AND invoice_id = NEW.invoice_id) < 0 THEN
    RAISE EXCEPTION 'more is freed than the payment pays of the invoice'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_allocations_not_negative';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER payment_allocations_applied AFTER INSERT ON payment_allocations
  FOR EACH ROW EXECUTE FUNCTION apply_payment_allocation();

CREATE FUNCTION refuse_change_of_payment_allocations() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'allocations are append-only'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payment_allocations_append_only';
END $$;
CREATE TRIGGER payment_allocations_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_allocations
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_payment_allocations();

-- A recorded payment stays; only the columns named here change, and once it is reversed nothing does.
CREATE FUNCTION refuse_change_of_recorded_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changeable CONSTANT text[] := ARRAY['method', 'reference', 'notes', 'allocated_minor', 'reversed_at', 'reverse_reason',
                                      'version', 'updated_at'];
BEGIN
  IF TG_OP = 'DELETE' OR OLD.reversed_at IS NOT NULL
     OR to_jsonb(NEW) - changeable IS DISTINCT FROM to_jsonb(OLD) - changeable THEN
    RAISE EXCEPTION 'a payment is recorded and cannot be changed; it can be reversed once'
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'payments_recorded_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payments_recorded_stays BEFORE UPDATE OR DELETE ON payments
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_recorded_payment();

-- No more is paid and credited than the invoice comes to, and nothing of a cancelled one or of a credit note.
ALTER TABLE invoices
  ADD CONSTRAINT invoices_settled_within_total
    CHECK (paid_minor >= 0 AND credited_minor >= 0 AND paid_minor + credited_minor <= greatest(total_minor, 0)),
  ADD CONSTRAINT invoices_cancelled_unsettled CHECK (cancelled_at IS NULL OR (paid_minor = 0 AND credited_minor = 0));

-- The line of the invoice that a line of a credit note takes back.
ALTER TABLE invoice_lines ADD COLUMN original_line_no integer;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
