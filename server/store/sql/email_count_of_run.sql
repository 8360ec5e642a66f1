SELECT count(*)
  FROM (SELECT 1 FROM emails e
         WHERE e.run_id = :run_id::uuid
           AND @email_filter@
         LIMIT :limit::bigint) AS counted
