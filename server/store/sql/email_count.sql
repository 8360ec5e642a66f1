SELECT count(*)
  FROM (SELECT 1 FROM emails e
 WHERE @email_filter@
         LIMIT :limit::bigint) AS counted
