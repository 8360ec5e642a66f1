UPDATE jobs
   SET lease_until = NULL, worker = NULL, last_error = :error, failed_at = now()
 WHERE id = :id::uuid AND attempt = :attempt::integer
