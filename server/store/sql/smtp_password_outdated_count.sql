SELECT count(*)
  FROM smtp_configurations
 WHERE password_key_id IS NOT NULL AND password_key_id <> :key_id
