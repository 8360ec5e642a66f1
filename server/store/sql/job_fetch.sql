-- The queues one after the other, each only as far as the limit is not reached.
WITH ready AS (
  SELECT r.id
    FROM @job_queues@
    CROSS JOIN LATERAL (SELECT j.id
                          FROM jobs j
                         WHERE j.urgency = q.urgency AND j.failed_at IS NULL AND j.run_at <= now() AND @job_of_a_wanted_kind@
                           AND (j.lease_until IS NULL OR j.lease_until < now()) AND j.id <> ALL (:held::uuid[])
                         ORDER BY j.run_at, j.id
                         LIMIT :limit::bigint
                           FOR UPDATE SKIP LOCKED) AS r
   LIMIT :limit::bigint
)
UPDATE jobs
   -- A lease that ran out is an attempt whose worker was lost: it counts, as the job may be the reason.
   SET failure_count = failure_count + CASE WHEN jobs.lease_until IS NULL THEN 0 ELSE 1 END,
       last_error = CASE WHEN jobs.lease_until IS NULL THEN last_error ELSE 'the worker that had the job ended without a result' END,
       attempt = attempt + 1, lease_until = now() + :lease_ms::bigint * interval '1 millisecond', worker = :worker
  FROM ready
 WHERE jobs.id = ready.id
RETURNING jobs.id::text, kind, subject_id::text, attempt, failure_count
