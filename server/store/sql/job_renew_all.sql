-- Locked in the order of their ids, as all do who lock many.
WITH @job_held_all@
UPDATE jobs j
   SET lease_until = now() + :lease_ms::bigint * interval '1 millisecond'
  FROM held
 WHERE j.id = held.id AND j.lease_until IS NOT NULL
