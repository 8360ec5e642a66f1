-- migrate:up
-- What an SMTP configuration says besides where and by which log-in: whose name is in From, what becomes of a message that was cut
-- off, how much may go out before a person is asked, and how fast.
ALTER TABLE smtp_configurations
  ADD COLUMN from_name text NOT NULL DEFAULT '',
  ADD COLUMN unknown_policy text NOT NULL DEFAULT 'RETRY_ONCE',
  ADD COLUMN max_emails_per_run integer NOT NULL DEFAULT 1000,
  ADD COLUMN max_emails_per_recipient_per_day integer NOT NULL DEFAULT 20,
  ADD COLUMN max_connections integer NOT NULL DEFAULT 4,
  ADD COLUMN max_emails_per_minute integer NOT NULL DEFAULT 0,
  ADD CONSTRAINT smtp_configurations_unknown_policy_known CHECK (unknown_policy IN ('RETRY_ONCE', 'HOLD')),
  ADD CONSTRAINT smtp_configurations_guards_positive
    CHECK (max_emails_per_run > 0 AND max_emails_per_recipient_per_day > 0 AND max_connections > 0 AND max_emails_per_minute >= 0);
ALTER TABLE smtp_configurations
  ALTER COLUMN from_name DROP DEFAULT,
  ALTER COLUMN unknown_policy DROP DEFAULT,
  ALTER COLUMN max_emails_per_run DROP DEFAULT,
  ALTER COLUMN max_emails_per_recipient_per_day DROP DEFAULT,
  ALTER COLUMN max_connections DROP DEFAULT,
  ALTER COLUMN max_emails_per_minute DROP DEFAULT;
-- Lists by name; and what another key than the present one has sealed, for its rotation.
CREATE INDEX smtp_configurations_name_idx ON smtp_configurations (name, id);
CREATE INDEX smtp_configurations_key_idx ON smtp_configurations (password_key_id, id) WHERE password_key_id IS NOT NULL;

-- When the rate limit of a configuration ('environment' or the id of a row) lets the next message go.
CREATE TABLE smtp_rates (
  configuration text NOT NULL,
  next_send_at timestamptz NOT NULL,
  CONSTRAINT smtp_rates_pkey PRIMARY KEY (configuration)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON smtp_rates TO invoice_app;

-- Subject and body of a vendor's emails. Never changed: a change is a further version, so that an email keeps what it was queued with.
CREATE TABLE email_templates (
  vendor_id uuid NOT NULL,
  version bigint NOT NULL,
  subject text NOT NULL,
  text_body text NOT NULL,
  html_body text NOT NULL,
  created_at timestamptz NOT NULL,
  CONSTRAINT email_templates_pkey PRIMARY KEY (vendor_id, version),
  CONSTRAINT email_templates_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id),
  CONSTRAINT email_templates_version_positive CHECK (version > 0)
);
GRANT SELECT, INSERT ON email_templates TO invoice_app;

-- 0 is the built-in template.
ALTER TABLE emails ADD COLUMN template_version bigint NOT NULL DEFAULT 0;
ALTER TABLE emails ALTER COLUMN template_version DROP DEFAULT;
ALTER TABLE emails DROP CONSTRAINT emails_recipient_role_known;
ALTER TABLE emails ADD CONSTRAINT emails_recipient_role_known CHECK (recipient_role IN ('TO', 'CC', 'BCC', 'ARCHIVE'));

ALTER TABLE vendors ADD COLUMN archive_email text NOT NULL DEFAULT '';
ALTER TABLE customers ADD COLUMN bcc_emails jsonb NOT NULL DEFAULT '[]';
ALTER TABLE vendors ALTER COLUMN archive_email DROP DEFAULT;
ALTER TABLE customers ALTER COLUMN bcc_emails DROP DEFAULT;

-- What the guards count, so that nobody counts emails. Of each run and configuration ('environment' or the id of a row):
CREATE TABLE email_run_counts (
  run_id uuid NOT NULL,
  configuration text NOT NULL,
  email_count integer NOT NULL,
  CONSTRAINT email_run_counts_pkey PRIMARY KEY (run_id, configuration),
  CONSTRAINT email_run_counts_run_fkey FOREIGN KEY (run_id) REFERENCES runs (id)
);
GRANT SELECT, INSERT, UPDATE ON email_run_counts TO invoice_app;
-- Of each vendor and address (in lower case), on the last day (UTC) on which something was queued for it.
CREATE TABLE email_recipient_counts (
  vendor_id uuid NOT NULL,
  recipient text NOT NULL,
  counted_on date NOT NULL,
  email_count integer NOT NULL,
  CONSTRAINT email_recipient_counts_pkey PRIMARY KEY (vendor_id, recipient),
  CONSTRAINT email_recipient_counts_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);
GRANT SELECT, INSERT, UPDATE ON email_recipient_counts TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
