-- Jobs of subjects that may have had one. One that was given up begins anew.
INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
SELECT q.id, q.kind, q.subject_id, now(), q.urgency
  FROM unnest(:ids::uuid[], :kinds::text[], :subject_ids::uuid[], :urgencies::smallint[]) AS q (id, kind, subject_id, urgency)
 ORDER BY q.kind, q.subject_id
ON CONFLICT ON CONSTRAINT jobs_kind_subject_key DO UPDATE
   SET run_at = least(jobs.run_at, excluded.run_at), urgency = least(jobs.urgency, excluded.urgency),
       failure_count = CASE WHEN jobs.failed_at IS NULL THEN jobs.failure_count ELSE 0 END, failed_at = NULL, last_error = ''
