DELETE FROM jobs
 WHERE kind = 'SEND_EMAIL' AND subject_id IN (SELECT e.id FROM emails e WHERE e.invoice_id = :invoice_id::uuid)
