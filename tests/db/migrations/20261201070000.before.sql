INSERT INTO period_decisions (customer_id, vendor_id, period_start_on, period_end_on, due_on, state, reason, message, decided_by, decided_at)
SELECT id, vendor_id, '2026-03-10', '2026-03-31', '2026-04-01', 'HELD', 'MISSED_RUN', 'missed', 'scheduler', now()
  FROM customers ORDER BY id LIMIT 1;
