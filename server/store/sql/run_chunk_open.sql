SELECT EXISTS (SELECT 1 FROM run_chunks WHERE run_id = :run_id::uuid AND state <> 'DONE')::text AS open
