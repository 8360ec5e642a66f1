SELECT customer_id::text, period_start_on::text, period_end_on::text, hours::text, currency_code, expenses::text AS expenses, notes, version, updated_at::text
  FROM timesheets
 WHERE customer_id = :customer_id::uuid AND period_start_on = :period_start_on::date
