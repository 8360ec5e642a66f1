-- Statements that touch no row, and the scheduler's own move of a due date, wake nobody. Notifications of this transaction are not visible
-- to it, so the conditions of the triggers are read.
DO $$ BEGIN
  ASSERT (SELECT bool_and(pg_get_triggerdef(t.oid) LIKE '%FOR EACH ROW WHEN (%') AND count(*) = 3
            FROM pg_trigger t
           WHERE t.tgfoid = 'announce_schedules'::regproc), 'the scheduler is woken by rows and by some changes only';
  UPDATE schedules SET last_run_on = last_run_on;
END $$;
