SELECT @api_key_columns@
  FROM api_keys
 WHERE id = :id::uuid
    OR (role = 'ADMIN' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now::timestamptz))
 ORDER BY id
   FOR UPDATE
