SELECT count(*)
  FROM (SELECT 1 FROM runs
         WHERE @run_filter@
         LIMIT :limit::bigint) AS counted
