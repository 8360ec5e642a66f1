SELECT e.id::text
  FROM emails e
 WHERE @email_held@
 ORDER BY e.id
 LIMIT :limit::bigint
