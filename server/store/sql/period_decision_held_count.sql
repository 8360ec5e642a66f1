SELECT count(*)
  FROM (SELECT 1
          FROM period_decisions d
         WHERE d.state = 'HELD' AND (:vendor_id::uuid IS NULL OR d.vendor_id = :vendor_id::uuid)
         LIMIT :limit::bigint) AS counted
