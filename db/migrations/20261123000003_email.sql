-- migrate:up
-- Email: what is to be sent, every attempt, and where it is sent through.

-- Configurations of a vendor, or global ones (vendor_id null). The environment's is not a row.
CREATE TABLE smtp_configurations (
  id uuid NOT NULL,
  vendor_id uuid,
  name text NOT NULL,
  host text NOT NULL,
  port integer NOT NULL,
  security text NOT NULL,
  verify_certificate boolean NOT NULL,
  username text NOT NULL,
  password_sealed bytea,
  password_key_id text,
  from_address text NOT NULL,
  active boolean NOT NULL,
  version bigint NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  CONSTRAINT smtp_configurations_pkey PRIMARY KEY (id),
  CONSTRAINT smtp_configurations_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT smtp_configurations_port_range CHECK (port BETWEEN 1 AND 65535),
  CONSTRAINT smtp_configurations_security_known CHECK (security IN ('NONE', 'STARTTLS', 'TLS')),
  CONSTRAINT smtp_configurations_password_with_key CHECK ((password_sealed IS NULL) = (password_key_id IS NULL)),
  CONSTRAINT smtp_configurations_version_positive CHECK (version > 0)
);
-- At most one active configuration for each vendor, and one global one.
CREATE UNIQUE INDEX smtp_configurations_one_active_key
  ON smtp_configurations (coalesce(vendor_id, '00000000-0000-0000-0000-000000000000')) WHERE active;
GRANT SELECT, INSERT, UPDATE ON smtp_configurations TO invoice_app;

-- Faults of sessions pause a configuration ('environment' or the id of a row), and cost no email an attempt.
CREATE TABLE smtp_pauses (
  configuration text NOT NULL,
  fault_count integer NOT NULL,
  last_fault text NOT NULL,
  paused_until timestamptz NOT NULL,
  CONSTRAINT smtp_pauses_pkey PRIMARY KEY (configuration)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON smtp_pauses TO invoice_app;

-- One message to one envelope recipient about one document.
CREATE TABLE emails (
  id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  invoice_id uuid NOT NULL,
  recipient text NOT NULL,
  recipient_role text NOT NULL,
  header_to text NOT NULL,
  header_cc jsonb NOT NULL,
  template text NOT NULL,
  resend_number integer NOT NULL,
  resend_of uuid,
  subject text NOT NULL,
  message_id text NOT NULL,
  state text NOT NULL,
  state_reason text NOT NULL,
  attempt_count integer NOT NULL,
  repeat_count integer NOT NULL,
  first_attempt_at timestamptz,
  next_attempt_at timestamptz,
  sent_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  version bigint NOT NULL,
  CONSTRAINT emails_pkey PRIMARY KEY (id),
  CONSTRAINT emails_vendor_id_id_key UNIQUE (vendor_id, id),
  CONSTRAINT emails_send_key UNIQUE (invoice_id, recipient, template, resend_number),
  CONSTRAINT emails_invoice_fkey FOREIGN KEY (vendor_id, invoice_id) REFERENCES invoices (vendor_id, id),
  CONSTRAINT emails_resend_of_fkey FOREIGN KEY (vendor_id, resend_of) REFERENCES emails (vendor_id, id),
  CONSTRAINT emails_recipient_role_known CHECK (recipient_role IN ('TO', 'CC', 'ARCHIVE')),
  CONSTRAINT emails_state_known
    CHECK (state IN ('QUEUED', 'SENDING', 'SENT', 'FAILED', 'HELD', 'CANCELLED', 'BOUNCED', 'UNKNOWN')),
  CONSTRAINT emails_sent_has_time CHECK (state <> 'SENT' OR sent_at IS NOT NULL),
  CONSTRAINT emails_recipient_one_line CHECK (recipient !~ '[[:cntrl:]]')
);
CREATE INDEX emails_invoice_idx ON emails (invoice_id, id);
CREATE INDEX emails_vendor_idx ON emails (vendor_id, id);
CREATE INDEX emails_state_idx ON emails (state, id);
CREATE INDEX emails_recipient_idx ON emails (lower(recipient), id);
GRANT SELECT, INSERT, UPDATE ON emails TO invoice_app;

-- One try to send an email; written before the message is handed over, completed with the server's answer.
CREATE TABLE email_attempts (
  email_id uuid NOT NULL,
  vendor_id uuid NOT NULL,
  attempt_no integer NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text NOT NULL,
  reply_code integer,
  reply text NOT NULL,
  transcript text NOT NULL,
  CONSTRAINT email_attempts_pkey PRIMARY KEY (email_id, attempt_no),
  CONSTRAINT email_attempts_email_fkey FOREIGN KEY (vendor_id, email_id) REFERENCES emails (vendor_id, id),
  CONSTRAINT email_attempts_attempt_no_positive CHECK (attempt_no > 0)
);
GRANT SELECT, INSERT, UPDATE ON email_attempts TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
