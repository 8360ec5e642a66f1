-- A key of before has the first version and is neither expired nor revoked; so is one that a program of before makes meanwhile.
DO $$
BEGIN
  ASSERT (SELECT version = 1 AND expires_at IS NULL AND revoked_at IS NULL FROM api_keys WHERE name = 'a key of before');
  INSERT INTO api_keys (id, name, role, key_hash, created_at)
  VALUES ('01900000-0000-7000-8000-0000000006a2', 'without a version', 'VIEWER', 'another hash', now());
  ASSERT (SELECT version = 1 FROM api_keys WHERE name = 'without a version');
END $$;
