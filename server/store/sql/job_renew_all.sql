UPDATE jobs j
   SET lease_until = now() + :lease_ms::bigint * interval '1 millisecond'
  FROM unnest(:ids::uuid[], :attempts::integer[]) AS w (id, attempt)
 WHERE j.id = w.id AND j.attempt = w.attempt AND j.lease_until IS NOT NULL
