SELECT coalesce(max(resend_number), -1)::integer AS last
  FROM emails
 WHERE invoice_id = :invoice_id::uuid
