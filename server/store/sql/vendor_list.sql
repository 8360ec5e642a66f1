SELECT @vendor_columns@, name AS cursor_1, id::text AS cursor_2
  FROM vendors
 WHERE @vendor_filter@
   AND (:after_1::text IS NULL OR (name COLLATE "und-x-icu", id) > (:after_1::text, :after_2::uuid))
 ORDER BY name COLLATE "und-x-icu", id
 LIMIT :limit::bigint
