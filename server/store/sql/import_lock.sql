SELECT i.id::text, i.vendor_id::text, i.kind, i.faulty_count, i.created_at::text, i.expires_at::text, i.executed_at::text
  FROM imports i
 WHERE i.id = :id::uuid
   FOR UPDATE
