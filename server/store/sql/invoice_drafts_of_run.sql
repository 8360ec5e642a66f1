SELECT id::text
  FROM invoices
 WHERE run_id = :run_id::uuid AND issued_at IS NULL AND cancelled_at IS NULL
 ORDER BY id
 LIMIT :limit::bigint
