SELECT run_id::text
  FROM run_chunks
 WHERE id = :id::uuid
