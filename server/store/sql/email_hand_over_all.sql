-- Emails that are about to go to a mail server: only those that are still queued and whose job is still in this worker's hand. Locks
-- jobs before emails, each in the order of their ids. LATERAL: each row is found by its key, however many there are.
WITH wanted AS (
  SELECT w.*
    FROM json_to_recordset(:rows::json) AS w (job_id uuid, fence integer, email_id uuid, started_at timestamptz)
   ORDER BY w.job_id
),
held AS MATERIALIZED (
  SELECT w.email_id, w.started_at
    FROM wanted w
   CROSS JOIN LATERAL (SELECT j.attempt, j.lease_until FROM jobs j WHERE j.id = w.job_id FOR UPDATE) AS job
   WHERE job.attempt = w.fence AND job.lease_until IS NOT NULL
),
queued AS MATERIALIZED (
  SELECT h.email_id, h.started_at
    FROM (SELECT * FROM held ORDER BY email_id) AS h
   CROSS JOIN LATERAL (SELECT e.state FROM emails e WHERE e.id = h.email_id FOR UPDATE) AS email
   WHERE email.state = 'QUEUED'
),
handed AS (
  UPDATE emails e
     SET state = 'SENDING', attempt_count = e.attempt_count + 1, first_attempt_at = coalesce(e.first_attempt_at, q.started_at),
         version = e.version + 1, updated_at = :now::timestamptz
    FROM queued q
   WHERE e.id = q.email_id
  RETURNING e.id, e.vendor_id, e.attempt_count, q.started_at
)
INSERT INTO email_attempts (email_id, vendor_id, attempt_no, started_at, outcome, reply, transcript)
SELECT id, vendor_id, attempt_count, started_at, 'IN_FLIGHT', '', ''
  FROM handed
RETURNING email_id::text, attempt_no
