SELECT @api_key_columns@
  FROM api_keys
 WHERE key_hash = :key_hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now::timestamptz)
