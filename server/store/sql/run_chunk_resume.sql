UPDATE run_chunks
   SET state = 'PENDING', problem = ''
 WHERE run_id = :run_id::uuid AND state <> 'DONE'
RETURNING id::text
