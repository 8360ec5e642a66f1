-- Periods that a person let go, for the scheduler to take up.
SELECT d.customer_id::text, d.period_start_on::text, d.period_end_on::text, d.whole_start_on::text, d.whole_end_on::text, d.due_on::text, d.state, d.reason, d.message, d.run_id::text,
       d.decided_by, d.decided_at::text
  FROM period_decisions d
  JOIN customers c ON c.id = d.customer_id AND c.active
  JOIN vendors v ON v.id = d.vendor_id AND v.active
 WHERE d.state = 'REOPENED'
 ORDER BY d.due_on, d.customer_id
 LIMIT :limit::bigint
   FOR UPDATE OF d SKIP LOCKED
