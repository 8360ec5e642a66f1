SELECT count(*)
  FROM (SELECT 1 FROM customers c
         WHERE @customer_filter@
         LIMIT :limit::bigint) AS counted
