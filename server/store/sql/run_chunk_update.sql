UPDATE run_chunks
   SET state = :state, invoiced_count = :invoiced_count::integer, skipped_count = :skipped_count::integer,
       held_count = :held_count::integer, failed_count = :failed_count::integer, totals = :totals::jsonb, problem = :problem
 WHERE id = :id::uuid
