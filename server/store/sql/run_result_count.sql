SELECT count(*)
  FROM (SELECT 1 FROM run_results
         WHERE run_id = :run_id::uuid AND (:outcome::text IS NULL OR outcome = :outcome::text)
         LIMIT :limit::bigint) AS counted
