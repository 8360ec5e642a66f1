-- The scheduler's run of a due date that still goes on: customers that come due later the same day join it.
SELECT id::text
  FROM runs
 WHERE run_on = :run_on::date AND state IN ('PENDING', 'RUNNING') AND mode = 'SCHEDULED' AND requested_by = :requested_by
 ORDER BY id DESC
 LIMIT 1
   FOR UPDATE
