-- A cancel waits for those who hold the run this way, and they see it once it is made.
SELECT @run_columns@
  @run_tables@
 WHERE runs.id = :id::uuid
   FOR SHARE OF runs
