SELECT d.customer_id::text, c.name AS customer_name, d.period_start_on::text, d.period_end_on::text, d.whole_start_on::text, d.whole_end_on::text, d.due_on::text, d.state, d.reason,
       d.message, d.run_id::text, d.decided_by, d.decided_at::text, d.due_on::text AS cursor_1, d.customer_id::text AS cursor_2
  FROM period_decisions d
  JOIN customers c ON c.id = d.customer_id
 WHERE d.state = 'HELD'
   AND (:vendor_id::uuid IS NULL OR d.vendor_id = :vendor_id::uuid)
   AND (:after_1::date IS NULL OR (d.due_on, d.customer_id) > (:after_1::date, :after_2::uuid))
 ORDER BY d.due_on, d.customer_id
 LIMIT :limit::bigint
