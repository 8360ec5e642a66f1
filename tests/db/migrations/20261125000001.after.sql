-- The invoice that was there is still whole and still protected; the new facts may change, its content may not.
DO $$ BEGIN
  ASSERT (SELECT run_id IS NOT NULL AND NOT send_email AND overdue_at IS NULL FROM invoices), 'the invoice keeps its run';
  ASSERT (SELECT totals = '[{"count": 1, "total_minor": 80936, "currency_code": "CAD"}]' FROM runs), 'a run keeps its totals';
  ASSERT (SELECT send_email = false FROM runs), 'a run that sent nothing still says so';
  UPDATE invoices SET sent_note = 'by post', overdue_at = now();
  BEGIN
    UPDATE invoices SET credit_reason = 'changed';
    RAISE EXCEPTION 'content of an issued invoice was changed';
  EXCEPTION WHEN restrict_violation THEN NULL;
  END;
  BEGIN
    UPDATE schedules SET transition_due_on = '2026-12-01';
    RAISE EXCEPTION 'half a transition was stored';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
INSERT INTO run_chunks (id, run_id, chunk_no, customer_ids, state)
SELECT '01900000-0000-7000-8000-000000000091', id, 1, ARRAY['01900000-0000-7000-8000-000000000011'::uuid], 'PENDING' FROM runs;
