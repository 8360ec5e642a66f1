-- migrate:up
-- What keeps the system honest: keys, idempotency, background work, the audit trail.

CREATE TABLE api_keys (
  id uuid NOT NULL,
  name text NOT NULL,
  role text NOT NULL,
  key_hash text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT api_keys_pkey PRIMARY KEY (id),
  CONSTRAINT api_keys_key_hash_key UNIQUE (key_hash),
  CONSTRAINT api_keys_name_length CHECK (length(name) BETWEEN 1 AND 100),
  CONSTRAINT api_keys_role_known CHECK (role IN ('VIEWER', 'FINANCE', 'ADMIN'))
);
GRANT SELECT, INSERT, UPDATE ON api_keys TO invoice_app;

-- The first answer to a change with an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency_keys (
  actor_id text NOT NULL,
  method text NOT NULL,
  key text NOT NULL,
  digest text NOT NULL,
  answer bytea,
  created_at timestamptz NOT NULL,
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (actor_id, method, key),
  CONSTRAINT idempotency_keys_key_length CHECK (length(key) BETWEEN 1 AND 255)
);
CREATE INDEX idempotency_keys_created_idx ON idempotency_keys (created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO invoice_app;

-- Background work: a kind and the id of its subject, never data. A finished job is deleted in the transaction of its effect. A job with a
-- lease in the future is being worked on; `attempt` is the fence that keeps a late worker out; `failure_count` is what
-- decides when to give up. Leases use the database's clock.
CREATE TABLE jobs (
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  run_at timestamptz NOT NULL,
  attempt integer NOT NULL DEFAULT 0,
  failure_count integer NOT NULL DEFAULT 0,
  lease_until timestamptz,
  worker text,
  failed_at timestamptz,
  last_error text NOT NULL DEFAULT '',
  CONSTRAINT jobs_pkey PRIMARY KEY (id),
  CONSTRAINT jobs_kind_subject_key UNIQUE (kind, subject_id),
  CONSTRAINT jobs_attempt_not_negative CHECK (attempt >= 0)
);
CREATE INDEX jobs_ready_idx ON jobs (run_at, id) WHERE failed_at IS NULL;
GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO invoice_app;

CREATE FUNCTION announce_jobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('invoice_jobs', '');
  RETURN NULL;
END $$;
CREATE TRIGGER jobs_announced AFTER INSERT ON jobs FOR EACH STATEMENT EXECUTE FUNCTION announce_jobs();

-- Who did what, when, from where; append-only. `written_in` orders events for the sealer by transaction, not by a sequence.
CREATE TABLE audit_events (
  id uuid NOT NULL,
  vendor_id uuid,
  at timestamptz NOT NULL,
  actor_id text NOT NULL,
  actor_name text NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  resource_id uuid NOT NULL,
  request_id text NOT NULL,
  remote text NOT NULL,
  before jsonb,
  after jsonb,
  written_in xid8 NOT NULL DEFAULT pg_current_xact_id(),
  CONSTRAINT audit_events_pkey PRIMARY KEY (id),
  CONSTRAINT audit_events_vendor_fkey FOREIGN KEY (vendor_id) REFERENCES vendors (id)
);
CREATE INDEX audit_events_resource_idx ON audit_events (resource, resource_id, id);
CREATE INDEX audit_events_written_in_idx ON audit_events (written_in, id);
GRANT SELECT, INSERT ON audit_events TO invoice_app;

CREATE FUNCTION refuse_change_of_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit events are append-only'
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'audit_events_append_only';
END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_events
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_events();

GRANT SELECT ON schema_migrations TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
