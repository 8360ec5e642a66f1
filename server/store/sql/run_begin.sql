UPDATE runs
   SET state = 'RUNNING', total_count = total_count + :count::integer, version = version + 1
 WHERE id = :id::uuid
