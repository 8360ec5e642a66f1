SELECT count(*)
  FROM (SELECT 1 FROM api_keys LIMIT :limit::bigint) AS counted
