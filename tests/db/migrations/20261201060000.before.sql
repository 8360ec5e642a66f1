INSERT INTO api_keys (id, name, role, key_hash, created_at)
VALUES ('01900000-0000-7000-8000-0000000006a1', 'a key of before', 'ADMIN', 'hash of before', '2026-11-30T00:00:00Z');
