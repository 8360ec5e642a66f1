SELECT @plan_item_columns@, customer_name AS cursor_1, customer_id::text AS cursor_2
  FROM run_plan_items
 WHERE plan_id = :plan_id::uuid
   AND (:outcome::text IS NULL OR outcome = :outcome::text)
   AND (:after_1::text IS NULL OR (customer_name COLLATE "und-x-icu", customer_id) > (:after_1::text, :after_2::uuid))
 ORDER BY customer_name COLLATE "und-x-icu", customer_id
 LIMIT :limit::bigint
