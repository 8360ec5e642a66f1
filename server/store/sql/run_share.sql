-- A cancel waits for those who hold the run this way, and they see it once it is made; more customers may be added meanwhile.
SELECT @run_columns@
  @run_tables@
 WHERE runs.id = :id::uuid
   FOR KEY SHARE OF runs
