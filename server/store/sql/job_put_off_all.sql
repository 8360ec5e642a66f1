-- Locked in the order of their ids, as all do who lock many.
WITH @job_held_all@
UPDATE jobs j
   SET lease_until = NULL, worker = NULL, last_error = :error, run_at = now() + :delay_ms::bigint * interval '1 millisecond'
  FROM held
 WHERE j.id = held.id
