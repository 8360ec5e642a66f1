-- Rows that another rotation holds are left to it.
SELECT id::text, encode(password_sealed, 'hex') AS password_sealed, password_key_id
  FROM smtp_configurations
 WHERE password_key_id IS NOT NULL AND password_key_id <> :key_id
   AND (:after::uuid IS NULL OR id > :after::uuid)
 ORDER BY id
 LIMIT :limit::bigint
   FOR UPDATE SKIP LOCKED
