-- The timesheets that begin on the given days, by customer.
SELECT t.customer_id::text, t.period_start_on::text, t.period_end_on::text, t.hours::text, t.currency_code,
       t.expenses::text AS expenses, t.notes, t.version, t.updated_at::text
  FROM unnest(:customer_ids::uuid[], :starts::date[]) AS wanted (customer_id, period_start_on)
  JOIN timesheets t ON t.customer_id = wanted.customer_id AND t.period_start_on = wanted.period_start_on
