-- The periods that a stopped run took over from their schedules and did not come to: they wait for a person.
INSERT INTO period_decisions (customer_id, vendor_id, period_start_on, period_end_on, due_on, state, reason, message, run_id,
                              decided_by, decided_at)
SELECT c.id, c.vendor_id, q.first, q.last, r.run_on, 'HELD', 'RUN_STOPPED', :message, r.id, :decided_by, :now::timestamptz
  FROM runs r
  JOIN run_chunks k ON k.run_id = r.id AND k.state <> 'DONE'
  CROSS JOIN LATERAL unnest(k.customer_ids, k.period_starts_on, k.period_ends_on) AS q (customer_id, first, last)
  JOIN customers c ON c.id = q.customer_id
 WHERE r.id = :run_id::uuid AND q.first IS NOT NULL
   AND NOT EXISTS (SELECT 1 FROM run_results x WHERE x.run_id = r.id AND x.customer_id = q.customer_id)
   AND NOT EXISTS (SELECT 1 FROM period_claims p WHERE p.customer_id = q.customer_id AND p.days && daterange(q.first, q.last, '[]'))
 ORDER BY c.id
ON CONFLICT ON CONSTRAINT period_decisions_pkey DO NOTHING
