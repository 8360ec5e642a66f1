id::text, name, role, key_hash, created_at::text, expires_at::text, revoked_at::text, version
