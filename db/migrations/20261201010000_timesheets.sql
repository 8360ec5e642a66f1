-- migrate:up
-- A timesheet that was not billed can be removed.
GRANT DELETE ON timesheets TO invoice_app;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
