SELECT digest, encode(answer, 'hex') AS answer, (created_at < :oldest::timestamptz)::text AS expired
  FROM idempotency_keys
 WHERE actor_id = :actor_id AND method = :method AND key = :key
   FOR UPDATE
