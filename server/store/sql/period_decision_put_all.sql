INSERT INTO period_decisions (customer_id, vendor_id, period_start_on, period_end_on, due_on, state, reason, message, run_id,
                              decided_by, decided_at)
SELECT q.customer_id, c.vendor_id, q.period_start_on, q.period_end_on, q.due_on, q.state, q.reason, q.message, q.run_id, q.decided_by,
       :now::timestamptz
  FROM jsonb_to_recordset(:decisions::jsonb)
       AS q (customer_id uuid, period_start_on date, period_end_on date, due_on date, state text, reason text, message text,
             run_id uuid, decided_by text)
  JOIN customers c ON c.id = q.customer_id
ON CONFLICT ON CONSTRAINT period_decisions_pkey DO UPDATE
   SET period_end_on = excluded.period_end_on, due_on = excluded.due_on, state = excluded.state, reason = excluded.reason,
       message = excluded.message, run_id = excluded.run_id, decided_by = excluded.decided_by, decided_at = excluded.decided_at
