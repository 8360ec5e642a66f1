SELECT recipient_role, state
  FROM emails
 WHERE invoice_id = :invoice_id::uuid
 ORDER BY resend_number DESC, id DESC
