UPDATE jobs
   SET lease_until = NULL, worker = NULL, last_error = :error, failure_count = failure_count + :failures::integer, run_at = now() + :delay_ms::bigint * interval '1 millisecond'
 WHERE id = :id::uuid AND attempt = :attempt::integer
