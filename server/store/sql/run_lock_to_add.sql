-- One at a time; those that bill customers of the run go on.
SELECT @run_columns@
  @run_tables@
 WHERE runs.id = :id::uuid
   FOR NO KEY UPDATE OF runs
