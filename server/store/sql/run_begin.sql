UPDATE runs
   SET state = CASE WHEN :complete::boolean THEN 'RUNNING' ELSE state END, complete = :complete::boolean,
       total_count = total_count + :count::integer,
       version = version + 1
 WHERE id = :id::uuid
