e.state = 'HELD'
   AND (:run_id::uuid IS NULL OR e.invoice_id IN (SELECT i.id FROM invoices i WHERE i.run_id = :run_id::uuid))
   AND (:recipient::text IS NULL OR address_key(e.recipient) = address_key(:recipient::text))
