UPDATE runs
   SET state = :state, problem = :problem, finished_at = :finished_at::timestamptz, version = version + 1
 WHERE id = :id::uuid
