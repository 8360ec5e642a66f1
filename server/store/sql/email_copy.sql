COPY emails (id, vendor_id, invoice_id, run_id, recipient, recipient_role, header_to, header_cc, template, template_version, resend_number, resend_of, subject,
             message_id, state, state_reason, attempt_count, repeat_count, created_at, updated_at, version)
FROM STDIN
