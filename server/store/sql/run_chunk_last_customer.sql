SELECT c.customer_id::text
  FROM run_chunks k
  CROSS JOIN LATERAL unnest(k.customer_ids) AS c (customer_id)
 WHERE k.run_id = :run_id::uuid
 ORDER BY c.customer_id DESC
 LIMIT 1
