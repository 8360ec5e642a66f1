i.id::text, i.vendor_id::text, i.customer_id::text, i.run_id::text, i.kind, i.original_invoice_id::text, i.mode,
       i.number, i.series_key, i.sequence, i.invoice_on::text, i.due_on::text, i.period_start_on::text, i.period_end_on::text,
       i.currency_code, i.vendor_snapshot::text AS vendor_snapshot, i.customer_snapshot::text AS customer_snapshot,
       i.contractor_name, i.service_location, i.purchase_order, i.buyer_reference, i.payment_terms_kind,
       i.payment_terms_days, i.notes, i.rounding_version, i.duplicate_reason, i.subtotal_minor, i.discount_minor, i.taxable_minor,
       i.tax_minor, i.total_minor, i.created_at::text, i.issued_at::text, i.cancelled_at::text, i.cancel_reason,
       i.sent_at::text, i.sent_note, i.overdue_at::text, i.send_email::text, i.credit_reason, i.paid_minor, i.credited_minor, i.delivery, i.document_sha256, i.document_fault, i.version,
       i.updated_at::text, s.time_zone, o.number AS original_number
