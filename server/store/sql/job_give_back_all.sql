UPDATE jobs j
   SET lease_until = NULL, worker = NULL, attempt = j.attempt - 1
  FROM unnest(:ids::uuid[], :attempts::integer[]) AS w (id, attempt)
 WHERE j.id = w.id AND j.attempt = w.attempt
