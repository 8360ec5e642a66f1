DELETE FROM run_plans
 WHERE id IN (SELECT id FROM run_plans WHERE expires_at <= :now::timestamptz ORDER BY expires_at LIMIT :limit::bigint)
