SELECT t.customer_id::text, t.period_start_on::text, t.period_end_on::text, t.hours::text, t.currency_code,
       t.expenses::text AS expenses, t.notes, t.version, t.updated_at::text,
       t.period_start_on::text AS cursor_1, t.customer_id::text AS cursor_2
  FROM timesheets t
 WHERE t.customer_id = :customer_id::uuid
   AND (:after_1::date IS NULL OR (t.period_start_on, t.customer_id) < (:after_1::date, :after_2::uuid))
 ORDER BY t.period_start_on DESC
 LIMIT :limit::bigint
