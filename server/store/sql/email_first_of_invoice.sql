SELECT @email_columns@
  FROM emails e
 WHERE e.invoice_id = :invoice_id::uuid
 ORDER BY e.resend_number, e.id
 LIMIT 1
