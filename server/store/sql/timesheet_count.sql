SELECT count(*)
  FROM (SELECT 1
          FROM timesheets
         WHERE customer_id = :customer_id::uuid
         LIMIT :limit::bigint) AS counted
