(:customer_id::uuid IS NULL OR i.customer_id = :customer_id::uuid)
   AND (:vendor_id::uuid IS NULL OR i.vendor_id = :vendor_id::uuid)
   AND (:from_on::date IS NULL OR i.invoice_on >= :from_on::date)
   AND (:to_on::date IS NULL OR i.invoice_on <= :to_on::date)
   AND (:q::text IS NULL OR lower(coalesce(i.number, '') || ' ' || i.customer_name) LIKE lower(:q::text))
   AND (:state::text IS NULL OR :state::text =
        CASE WHEN i.cancelled_at IS NOT NULL THEN 'CANCELLED'
             WHEN i.issued_at IS NULL THEN 'DRAFT'
             WHEN i.kind = 'CREDIT_NOTE' THEN CASE WHEN i.sent_at IS NULL THEN 'ISSUED' ELSE 'SENT' END
             WHEN i.credited_minor <> 0 AND i.credited_minor = i.total_minor THEN 'CREDITED'
             WHEN i.paid_minor + i.credited_minor >= i.total_minor THEN 'PAID'
             WHEN i.due_on < (:now::timestamptz AT TIME ZONE s.time_zone)::date THEN 'OVERDUE'
             WHEN i.paid_minor > 0 THEN 'PARTIALLY_PAID'
             WHEN i.sent_at IS NOT NULL THEN 'SENT'
             ELSE 'ISSUED' END)
