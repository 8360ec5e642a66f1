UPDATE jobs
   SET lease_until = NULL, worker = NULL, attempt = attempt - 1
 WHERE id = :id::uuid AND attempt = :attempt::integer
