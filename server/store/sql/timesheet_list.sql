-- The timesheets that have one of the given days, by customer, in order of their days.
SELECT t.customer_id::text, t.period_start_on::text, t.period_end_on::text, t.hours::text, t.currency_code,
       t.expenses::text AS expenses, t.notes, t.version, t.updated_at::text
  FROM unnest(:customer_ids::uuid[], :firsts::date[], :lasts::date[]) AS wanted (customer_id, first, last)
 CROSS JOIN LATERAL (SELECT * FROM timesheets s
                      WHERE s.customer_id = wanted.customer_id
                        AND daterange(s.period_start_on, s.period_end_on, '[]') && daterange(wanted.first, wanted.last, '[]')) AS t
 ORDER BY t.customer_id, t.period_start_on
