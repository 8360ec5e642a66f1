INSERT INTO jobs (id, kind, subject_id, run_at)
VALUES (:id::uuid, :kind, :subject_id::uuid, now() + :delay_ms::bigint * interval '1 millisecond')
ON CONFLICT ON CONSTRAINT jobs_kind_subject_key DO UPDATE
   SET run_at = least(jobs.run_at, excluded.run_at), failed_at = NULL, last_error = ''
