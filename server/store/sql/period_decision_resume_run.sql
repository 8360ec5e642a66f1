DELETE FROM period_decisions
 WHERE run_id = :run_id::uuid AND reason = 'RUN_STOPPED'
