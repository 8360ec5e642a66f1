SELECT customer_id::text, digest
  FROM run_plan_items
 WHERE plan_id = :plan_id::uuid AND customer_id = ANY (:customer_ids::uuid[])
