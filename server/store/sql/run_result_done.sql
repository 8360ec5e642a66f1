SELECT customer_id::text
  FROM run_results
 WHERE run_id = :run_id::uuid AND customer_id = ANY (:customer_ids::uuid[])
