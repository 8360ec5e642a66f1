-- Jobs of subjects that are new in this transaction.
INSERT INTO jobs (id, kind, subject_id, run_at)
SELECT q.id, q.kind, q.subject_id, now()
  FROM unnest(:ids::uuid[], :kinds::text[], :subject_ids::uuid[]) AS q (id, kind, subject_id)
