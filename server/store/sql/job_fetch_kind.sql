-- More jobs of one kind for a worker that has one in hand. Looked for at the head of each queue only, so that the search has an end.
WITH heads AS MATERIALIZED (
  SELECT r.id
    FROM @job_queues@
    CROSS JOIN LATERAL (SELECT j.id
                          FROM jobs j
                         WHERE j.urgency = q.urgency AND j.failed_at IS NULL AND j.run_at <= now() AND j.lease_until IS NULL
                         ORDER BY j.run_at, j.id
                         LIMIT :window::bigint) AS r
),
ready AS (
  SELECT job.id
    FROM heads
   CROSS JOIN LATERAL (SELECT j.id
                         FROM jobs j
                        WHERE j.id = heads.id AND j.kind = :kind AND j.failed_at IS NULL AND j.run_at <= now()
                          AND j.lease_until IS NULL
                          FOR UPDATE SKIP LOCKED) AS job
   LIMIT :limit::bigint
)
UPDATE jobs
   SET attempt = attempt + 1, lease_until = now() + :lease_ms::bigint * interval '1 millisecond', worker = :worker
  FROM ready
 WHERE jobs.id = ready.id
RETURNING jobs.id::text, kind, subject_id::text, attempt, failure_count
