-- Jobs of subjects that are new in this transaction.
INSERT INTO jobs (id, kind, subject_id, run_at, urgency)
SELECT q.id, q.kind, q.subject_id, now(), q.urgency
  FROM unnest(:ids::uuid[], :kinds::text[], :subject_ids::uuid[], :urgencies::smallint[]) AS q (id, kind, subject_id, urgency)
