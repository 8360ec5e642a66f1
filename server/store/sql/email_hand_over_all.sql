-- Emails that are about to go to a mail server: only those that are still queued and whose job is still in this worker's hand. Locks
-- jobs before emails, each in the order of their ids.
WITH wanted AS (
  SELECT w.*
    FROM unnest(:job_ids::uuid[], :fences::integer[], :email_ids::uuid[], :started::timestamptz[])
      AS w (job_id, fence, email_id, started_at)
),
held AS (
  SELECT w.email_id, w.started_at
    FROM wanted w
    JOIN jobs j ON j.id = w.job_id AND j.attempt = w.fence AND j.lease_until IS NOT NULL
   ORDER BY j.id
     FOR UPDATE OF j
),
queued AS (
  SELECT e.id, h.started_at
    FROM held h
    JOIN emails e ON e.id = h.email_id AND e.state = 'QUEUED'
   ORDER BY e.id
     FOR UPDATE OF e
),
handed AS (
  UPDATE emails e
     SET state = 'SENDING', attempt_count = e.attempt_count + 1, first_attempt_at = coalesce(e.first_attempt_at, q.started_at),
         version = e.version + 1, updated_at = :now::timestamptz
    FROM queued q
   WHERE e.id = q.id
  RETURNING e.id, e.vendor_id, e.attempt_count, q.started_at
)
INSERT INTO email_attempts (email_id, vendor_id, attempt_no, started_at, outcome, reply, transcript)
SELECT id, vendor_id, attempt_count, started_at, 'IN_FLIGHT', '', ''
  FROM handed
RETURNING email_id::text, attempt_no
