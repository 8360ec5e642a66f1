UPDATE idempotency_keys
   SET answer = decode(:answer, 'hex'), digest = :digest, created_at = :now::timestamptz
 WHERE actor_id = :actor_id AND method = :method AND key = :key
