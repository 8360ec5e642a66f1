DELETE FROM timesheets
 WHERE customer_id = :customer_id::uuid AND period_start_on = :period_start_on::date
