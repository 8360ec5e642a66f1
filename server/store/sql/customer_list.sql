SELECT @customer_columns@,
       c.name AS cursor_1, c.id::text AS cursor_2
  @customer_tables@
 WHERE @customer_filter@
   AND (:after_1::text IS NULL OR (c.name COLLATE "und-x-icu", c.id) > (:after_1::text, :after_2::uuid))
 ORDER BY c.name COLLATE "und-x-icu", c.id
 LIMIT :limit::bigint
