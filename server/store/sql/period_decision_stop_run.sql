-- The periods that a stopped run took over from their schedules and did not come to: they wait for a person, cut to the contract's dates.
INSERT INTO period_decisions (customer_id, vendor_id, period_start_on, period_end_on, whole_start_on, whole_end_on, due_on, state, reason,
                              message, run_id, decided_by, decided_at)
SELECT c.id, c.vendor_id, cut.first, cut.last, CASE WHEN cut.differs THEN q.first END, CASE WHEN cut.differs THEN q.last END, r.run_on,
       'HELD', 'RUN_STOPPED', :message, r.id, :decided_by, :now::timestamptz
  FROM runs r
  JOIN run_chunks k ON k.run_id = r.id AND k.state <> 'DONE'
  CROSS JOIN LATERAL unnest(k.customer_ids, k.period_starts_on, k.period_ends_on) AS q (customer_id, first, last)
  JOIN customers c ON c.id = q.customer_id
  JOIN contracts t ON t.customer_id = c.id
  CROSS JOIN LATERAL (SELECT greatest(q.first, t.start_on) AS first, least(q.last, t.end_on) AS last,
                             q.first < t.start_on IS TRUE OR q.last > t.end_on IS TRUE AS differs) AS cut
 WHERE r.id = :run_id::uuid AND q.first IS NOT NULL AND cut.first <= cut.last
   AND NOT EXISTS (SELECT 1 FROM run_results x WHERE x.run_id = r.id AND x.customer_id = q.customer_id)
   AND NOT EXISTS (SELECT 1 FROM period_claims p WHERE p.customer_id = c.id AND p.days && daterange(cut.first, cut.last, '[]'))
 ORDER BY c.id
ON CONFLICT ON CONSTRAINT period_decisions_pkey DO NOTHING
