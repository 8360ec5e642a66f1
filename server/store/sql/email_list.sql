SELECT e.id::text, e.vendor_id::text, e.invoice_id::text, e.recipient, e.recipient_role, e.header_to, e.header_cc::text AS header_cc,
       e.template, e.resend_number, e.resend_of::text, e.subject, e.state, e.state_reason, e.attempt_count, e.repeat_count,
       e.first_attempt_at::text, e.next_attempt_at::text, e.sent_at::text, e.created_at::text, e.updated_at::text, e.version, e.id::text AS cursor_1, e.id::text AS cursor_2
  FROM emails e
 WHERE (:invoice_id::uuid IS NULL OR e.invoice_id = :invoice_id::uuid)
   AND (:vendor_id::uuid IS NULL OR e.vendor_id = :vendor_id::uuid)
   AND (:state::text IS NULL OR e.state = :state::text)
   AND (:recipient::text IS NULL OR lower(e.recipient) = lower(:recipient::text))
   AND (:after_1::uuid IS NULL OR e.id < :after_1::uuid)
 ORDER BY e.id DESC
 LIMIT :limit::bigint
