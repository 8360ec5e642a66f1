UPDATE jobs
   SET lease_until = now() + :lease_ms::bigint * interval '1 millisecond'
 WHERE id = :id::uuid AND attempt = :attempt::integer AND lease_until IS NOT NULL
