SELECT @run_columns@
  @run_tables@
 WHERE runs.id = :id::uuid
