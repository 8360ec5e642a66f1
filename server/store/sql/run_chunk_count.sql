SELECT count(*)
  FROM run_chunks
 WHERE run_id = :run_id::uuid
