held AS MATERIALIZED (
  SELECT w.id
    FROM (SELECT * FROM unnest(:ids::uuid[], :attempts::integer[]) AS u (id, attempt) ORDER BY id) AS w
   CROSS JOIN LATERAL (SELECT j.attempt FROM jobs j WHERE j.id = w.id FOR UPDATE) AS job
   WHERE job.attempt = w.attempt
)
