SELECT @smtp_configuration_columns@, c.name AS cursor_1, c.id::text AS cursor_2
  FROM @smtp_configuration_tables@
 WHERE @smtp_configuration_filter@
   AND (:after_1::text IS NULL OR (c.name, c.id) > (:after_1::text, :after_2::uuid))
 ORDER BY c.name, c.id
 LIMIT :limit::bigint
