SELECT @customer_columns@,
       lower(c.name) AS cursor_1, c.id::text AS cursor_2
  @customer_tables@
 WHERE @customer_filter@
   AND (:after_1::text IS NULL OR (lower(c.name), c.id) > (:after_1::text, :after_2::uuid))
 ORDER BY lower(c.name), c.id
 LIMIT :limit::bigint
