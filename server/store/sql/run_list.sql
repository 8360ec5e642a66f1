SELECT @run_columns@, runs.id::text AS cursor_1, runs.id::text AS cursor_2
  @run_tables@
 WHERE @run_filter@
   AND (:after_1::uuid IS NULL OR runs.id < :after_1::uuid)
 ORDER BY runs.id DESC
 LIMIT :limit::bigint
