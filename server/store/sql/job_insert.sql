INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
VALUES (:id::uuid, :kind, :subject_id::uuid, now(), :urgency::smallint)
ON CONFLICT ON CONSTRAINT jobs_kind_subject_key DO UPDATE
   SET run_at = least(jobs.run_at, excluded.run_at), urgency = least(jobs.urgency, excluded.urgency), failed_at = NULL,
       failure_count = CASE WHEN jobs.failed_at IS NULL THEN jobs.failure_count ELSE 0 END, last_error = ''
