SELECT @run_chunk_columns@
  FROM run_chunks
 WHERE id = :id::uuid
