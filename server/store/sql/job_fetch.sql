UPDATE jobs
   SET attempt = attempt + 1, lease_until = now() + :lease_ms::bigint * interval '1 millisecond', worker = :worker
 WHERE id IN (SELECT id FROM jobs
               WHERE failed_at IS NULL AND run_at <= now() AND (lease_until IS NULL OR lease_until < now())
                 AND id <> ALL (:held::uuid[])
               ORDER BY run_at, id
               LIMIT :limit::bigint
                 FOR UPDATE SKIP LOCKED)
RETURNING id::text, kind, subject_id::text, attempt, failure_count
