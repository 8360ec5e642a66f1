SELECT i.id::text, i.vendor_id::text, i.customer_id::text, i.run_id::text, i.kind, i.original_invoice_id::text, i.mode,
       i.number, i.series_key, i.sequence, i.invoice_on::text, i.due_on::text, i.period_start_on::text, i.period_end_on::text,
       i.currency_code, i.vendor_snapshot::text AS vendor_snapshot, i.customer_snapshot::text AS customer_snapshot,
       i.contractor_name, i.service_location, i.purchase_order, i.buyer_reference, i.payment_terms_kind,
       i.payment_terms_days, i.notes, i.duplicate_reason, i.subtotal_minor, i.discount_minor, i.taxable_minor,
       i.tax_minor, i.total_minor, i.created_at::text, i.issued_at::text, i.cancelled_at::text, i.cancel_reason,
       i.sent_at::text, i.paid_minor, i.credited_minor, i.delivery, i.document_sha256, i.document_fault, i.version,
       i.updated_at::text, s.time_zone, o.number AS original_number,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                                                     'unitPrice', l.unit_price::text, 'discountMinor', l.discount_minor,
                                                     'amountMinor', l.amount_minor, 'taxNames', l.tax_names)
                                  ORDER BY l.line_no), '[]')::text
          FROM invoice_lines l WHERE l.invoice_id = i.id) AS lines,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'rate', t.rate::text,
                                                     'registrationNumber', t.registration_number,
                                                     'category', t.category, 'exemptionReason', t.exemption_reason,
                                                     'baseMinor', t.base_minor, 'amountMinor', t.amount_minor)
                                  ORDER BY t.tax_no), '[]')::text
          FROM invoice_taxes t WHERE t.invoice_id = i.id) AS taxes,
       i.invoice_on::text AS cursor_1, i.id::text AS cursor_2
  FROM invoices i
  JOIN schedules s ON s.customer_id = i.customer_id
  LEFT JOIN invoices o ON o.id = i.original_invoice_id
 WHERE (:customer_id::uuid IS NULL OR i.customer_id = :customer_id::uuid)
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
   AND (:after_1::text IS NULL OR (i.invoice_on, i.id) < (:after_1::date, :after_2::uuid))
 ORDER BY i.invoice_on DESC, i.id DESC
 LIMIT :limit::bigint
