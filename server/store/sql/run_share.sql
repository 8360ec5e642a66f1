-- The run as it is, so that its row stays. It may be stopped and get more customers meanwhile: who bills looks at the chunk it locked.
SELECT @run_columns@
  @run_tables@
 WHERE runs.id = :id::uuid
   FOR KEY SHARE OF runs
