SELECT count(*)
  FROM (SELECT 1
          FROM schedules s
          JOIN customers c ON c.id = s.customer_id
         WHERE s.enabled AND s.next_run_on IS NOT NULL AND c.active
           AND (:vendor_id::uuid IS NULL OR s.vendor_id = :vendor_id::uuid)
         LIMIT :limit::bigint) AS counted
