-- The application may remove a timesheet, and the one that was there still is.
DO $$ BEGIN
  ASSERT has_table_privilege('invoice_app', 'timesheets', 'DELETE'), 'timesheets can be removed';
  ASSERT (SELECT count(*) FROM timesheets) = 1, 'the timesheet is still there';
END $$;
