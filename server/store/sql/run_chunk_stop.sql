UPDATE run_chunks
   SET state = 'CANCELLED'
 WHERE run_id = :run_id::uuid AND state = 'PENDING'
