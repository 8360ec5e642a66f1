-- The contract that was there bills cut periods in full, as before.
DO $$ BEGIN
  ASSERT (SELECT partial_periods FROM contracts) = 'FULL', 'as before';
  BEGIN
    UPDATE contracts SET partial_periods = 'HALF';
    RAISE EXCEPTION 'an unknown rule';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
