e.id::text, e.vendor_id::text, e.invoice_id::text, e.recipient, e.recipient_role, e.header_to, e.header_cc::text AS header_cc,
       e.template, e.template_version, e.resend_number, e.resend_of::text, e.subject, e.message_id, (SELECT number FROM invoices WHERE id = e.invoice_id) AS invoice_number, e.state, e.state_reason, e.attempt_count, e.repeat_count,
       e.first_attempt_at::text, e.next_attempt_at::text, e.sent_at::text, e.created_at::text, e.updated_at::text, e.version
