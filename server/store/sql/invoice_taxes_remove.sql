DELETE FROM invoice_taxes
 WHERE invoice_id = :invoice_id::uuid
