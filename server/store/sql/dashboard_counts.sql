SELECT (SELECT count(*) FROM customers
         WHERE active AND (:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)) AS active_customers,
       (SELECT count(*) FROM schedules
         WHERE enabled AND (:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)) AS scheduled_customers,
       (SELECT count(*) FROM emails
         WHERE state IN ('FAILED', 'BOUNCED', 'HELD')
           AND (:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)) AS email_problems,
       (SELECT count(*) FROM period_decisions
         WHERE state = 'HELD' AND (:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)) AS missed_periods
