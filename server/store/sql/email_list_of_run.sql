SELECT @email_columns@, e.id::text AS cursor_1, e.id::text AS cursor_2
  FROM emails e
 WHERE e.run_id = :run_id::uuid
   AND @email_filter@
   AND (:after_1::uuid IS NULL OR e.id < :after_1::uuid)
 ORDER BY e.run_id DESC, e.id DESC
 LIMIT :limit::bigint
