SELECT @run_columns@, id::text AS cursor_1, id::text AS cursor_2
  FROM runs
 WHERE @run_filter@
   AND (:after_1::uuid IS NULL OR id < :after_1::uuid)
 ORDER BY id DESC
 LIMIT :limit::bigint
