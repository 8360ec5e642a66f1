-- The whole of a period that stays is kept where it is not given.
INSERT INTO period_decisions AS d (customer_id, vendor_id, period_start_on, period_end_on, whole_start_on, whole_end_on, due_on, state,
                                   reason, message, run_id, decided_by, decided_at)
SELECT q.customer_id, c.vendor_id, q.period_start_on, q.period_end_on, q.whole_start_on, q.whole_end_on, q.due_on, q.state, q.reason,
       q.message, q.run_id, q.decided_by, :now::timestamptz
  FROM jsonb_to_recordset(:decisions::jsonb)
       AS q (customer_id uuid, period_start_on date, period_end_on date, whole_start_on date, whole_end_on date, due_on date, state text,
             reason text, message text, run_id uuid, decided_by text)
  JOIN customers c ON c.id = q.customer_id
ON CONFLICT ON CONSTRAINT period_decisions_pkey DO UPDATE
   SET period_end_on = excluded.period_end_on,
       whole_start_on = CASE WHEN excluded.whole_start_on IS NULL AND d.period_end_on = excluded.period_end_on THEN d.whole_start_on
                             ELSE excluded.whole_start_on END,
       whole_end_on = CASE WHEN excluded.whole_end_on IS NULL AND d.period_end_on = excluded.period_end_on THEN d.whole_end_on
                           ELSE excluded.whole_end_on END,
       due_on = excluded.due_on, state = excluded.state, reason = excluded.reason, message = excluded.message,
       run_id = excluded.run_id, decided_by = excluded.decided_by, decided_at = excluded.decided_at
