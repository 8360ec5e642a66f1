SELECT count(*)
  FROM (SELECT 1 FROM payments p
         WHERE @payment_filter@
         LIMIT :limit::bigint) AS counted
