-- Locked in the order of their ids, as all do who lock many.
WITH @job_held_all@
UPDATE jobs j
   SET lease_until = NULL, worker = NULL, attempt = j.attempt - 1
  FROM held
 WHERE j.id = held.id
