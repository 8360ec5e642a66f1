-- Emails of before have the run of their document.
DO $$
BEGIN
  ASSERT NOT EXISTS (SELECT 1 FROM emails e JOIN invoices i ON i.id = e.invoice_id WHERE e.run_id IS DISTINCT FROM i.run_id),
         'an email has another run than its document';
  ASSERT EXISTS (SELECT 1 FROM emails), 'there is an email';
END $$;
