SELECT t.customer_id::text, t.period_start_on::text, t.period_end_on::text, t.hours::text, t.currency_code,
       t.expenses::text, t.notes, t.version, t.updated_at::text
  FROM timesheets t
 WHERE t.customer_id = :customer_id::uuid
   AND daterange(t.period_start_on, t.period_end_on, '[]') && daterange(:first::date, :last::date, '[]')
 ORDER BY t.period_start_on
