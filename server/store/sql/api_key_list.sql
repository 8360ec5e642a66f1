SELECT @api_key_columns@, created_at::text AS cursor_1, id::text AS cursor_2
  FROM api_keys
 WHERE :after_1::text IS NULL OR (created_at, id) < (:after_1::timestamptz, :after_2::uuid)
 ORDER BY created_at DESC, id DESC
 LIMIT :limit::bigint
