-- A period that waits goes on waiting; of its whole nothing is known. A whole is given whole and has the period's days.
DO $$ BEGIN
  ASSERT (SELECT whole_start_on IS NULL AND whole_end_on IS NULL FROM period_decisions WHERE period_start_on = '2026-03-10'),
         'a period that waited is as it was';
  BEGIN
    UPDATE period_decisions SET whole_start_on = '2026-03-01' WHERE period_start_on = '2026-03-10';
    RAISE EXCEPTION 'half a period was stored';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
  BEGIN
    UPDATE period_decisions SET whole_start_on = '2026-03-01', whole_end_on = '2026-03-30' WHERE period_start_on = '2026-03-10';
    RAISE EXCEPTION 'a whole without a day of its period was stored';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
  UPDATE period_decisions SET whole_start_on = '2026-03-01', whole_end_on = '2026-03-31' WHERE period_start_on = '2026-03-10';
END $$;
DELETE FROM period_decisions WHERE period_start_on = '2026-03-10';
