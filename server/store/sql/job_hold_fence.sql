SELECT 1 AS held
  FROM jobs
 WHERE id = :id::uuid AND attempt = :attempt::integer AND lease_until IS NOT NULL
   FOR UPDATE
