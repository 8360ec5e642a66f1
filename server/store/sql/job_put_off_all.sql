UPDATE jobs j
   SET lease_until = NULL, worker = NULL, last_error = :error, run_at = now() + :delay_ms::bigint * interval '1 millisecond'
  FROM unnest(:ids::uuid[], :attempts::integer[]) AS w (id, attempt)
 WHERE j.id = w.id AND j.attempt = w.attempt
