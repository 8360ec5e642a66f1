INSERT INTO emails (id, vendor_id, invoice_id, recipient, recipient_role, header_to, header_cc, template, resend_number, resend_of,
                    subject, message_id, state, state_reason, attempt_count, repeat_count, created_at, updated_at, version)
VALUES (:id::uuid, :vendor_id::uuid, :invoice_id::uuid, :recipient, :recipient_role, :header_to, :header_cc::jsonb, :template,
        :resend_number::integer, :resend_of::uuid, :subject, :message_id, 'QUEUED', '', 0, 0, :now::timestamptz, :now::timestamptz, 1)
