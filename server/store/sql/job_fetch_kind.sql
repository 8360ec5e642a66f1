-- More jobs of one kind for a worker that has one in hand. Looked for at the head of each queue only, so that the search has an end.
WITH heads AS (
  SELECT r.id
    FROM @job_queues@
    CROSS JOIN LATERAL (SELECT j.id
                          FROM jobs j
                         WHERE j.urgency = q.urgency AND j.failed_at IS NULL AND j.run_at <= now() AND j.lease_until IS NULL
                         ORDER BY j.run_at, j.id
                         LIMIT :window::bigint) AS r
),
ready AS (
  SELECT j.id
    FROM jobs j
   WHERE j.id IN (SELECT id FROM heads) AND j.kind = :kind AND j.failed_at IS NULL AND j.run_at <= now() AND j.lease_until IS NULL
   ORDER BY j.urgency, j.run_at, j.id
   LIMIT :limit::bigint
     FOR UPDATE SKIP LOCKED
)
UPDATE jobs
   SET attempt = attempt + 1, lease_until = now() + :lease_ms::bigint * interval '1 millisecond', worker = :worker
  FROM ready
 WHERE jobs.id = ready.id
RETURNING jobs.id::text, kind, subject_id::text, attempt, failure_count
