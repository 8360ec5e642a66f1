INSERT INTO api_keys (id, name, role, key_hash, created_at, expires_at, version)
VALUES (:id::uuid, :name, :role, :key_hash, :now::timestamptz, :expires_at::timestamptz, 1)
