SELECT @email_columns@
  FROM emails e
 WHERE e.invoice_id = :invoice_id::uuid
   AND e.resend_number = (SELECT max(resend_number) FROM emails WHERE invoice_id = :invoice_id::uuid)
 ORDER BY e.id
