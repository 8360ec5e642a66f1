DELETE FROM imports
 WHERE id IN (SELECT i.id FROM imports i WHERE i.expires_at < :now::timestamptz ORDER BY i.expires_at LIMIT :limit::bigint
                 FOR UPDATE SKIP LOCKED)
