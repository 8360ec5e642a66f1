SELECT @vendor_columns@, lower(name) AS cursor_1, id::text AS cursor_2
  FROM vendors
 WHERE @vendor_filter@
   AND (:after_1::text IS NULL OR (lower(name), id) > (:after_1::text, :after_2::uuid))
 ORDER BY lower(name), id
 LIMIT :limit::bigint
