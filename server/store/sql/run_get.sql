SELECT @run_columns@
  FROM runs
 WHERE id = :id::uuid
