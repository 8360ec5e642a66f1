-- migrate:up
-- Who waits for a job decides which comes first: 0 a person (one invoice, one resend), 1 a run's invoices, 2 nobody (documents and
-- emails of a run). Each is a queue of its own in the order of `run_at`, so that what is put off in one costs the others nothing.
ALTER TABLE jobs
  ADD COLUMN urgency smallint NOT NULL DEFAULT 2,
  ADD CONSTRAINT jobs_urgency_range CHECK (urgency BETWEEN 0 AND 2);
UPDATE jobs SET urgency = 1 WHERE kind IN ('START_RUN', 'RUN_CHUNK');
ALTER TABLE jobs ALTER COLUMN urgency DROP DEFAULT;
DROP INDEX jobs_ready_idx;
CREATE INDEX jobs_ready_idx ON jobs (urgency, run_at, id) WHERE failed_at IS NULL;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
