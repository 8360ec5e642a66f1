INSERT INTO idempotency_keys (actor_id, method, key, digest, created_at)
VALUES (:actor_id, :method, :key, :digest, :now::timestamptz)
ON CONFLICT ON CONSTRAINT idempotency_keys_pkey DO NOTHING
