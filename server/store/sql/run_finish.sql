UPDATE runs
   SET state = 'SUCCEEDED', finished_at = :now::timestamptz, version = version + 1
 WHERE id = :id::uuid AND state = 'RUNNING'
   AND NOT EXISTS (SELECT 1 FROM run_chunks k WHERE k.run_id = runs.id AND k.state <> 'DONE')
