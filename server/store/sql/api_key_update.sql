UPDATE api_keys
   SET name = :name, expires_at = :expires_at::timestamptz, revoked_at = :revoked_at::timestamptz, version = version + 1
 WHERE id = :id::uuid
