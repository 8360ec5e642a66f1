SELECT count(*)
  FROM (SELECT 1 FROM vendors
         WHERE (:active::boolean IS NULL OR active = :active::boolean)
           AND (:q::text IS NULL OR lower(name) LIKE lower(:q::text))
         LIMIT :limit::bigint) AS counted
