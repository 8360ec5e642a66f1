-- migrate:up
-- The run of an email's document, so that the emails of a run are read in order from an index. NULL where the document is of no run.
ALTER TABLE emails ADD COLUMN run_id uuid;
UPDATE emails e SET run_id = i.run_id FROM invoices i WHERE i.id = e.invoice_id AND i.run_id IS NOT NULL;
CREATE INDEX emails_run_idx ON emails (run_id, id) WHERE run_id IS NOT NULL;

-- migrate:down
