SELECT count(*)
  FROM (SELECT 1
          FROM run_plan_items
         WHERE plan_id = :plan_id::uuid AND (:outcome::text IS NULL OR outcome = :outcome::text)
         LIMIT :limit::bigint) AS counted
