DELETE FROM idempotency_keys
 WHERE ctid IN (SELECT ctid FROM idempotency_keys WHERE created_at < :oldest::timestamptz LIMIT :limit::bigint)
