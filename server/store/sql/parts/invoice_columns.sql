i.id::text, i.vendor_id::text, i.customer_id::text, i.run_id::text, i.kind, i.original_invoice_id::text, i.mode,
       i.number, i.series_key, i.sequence, i.invoice_on::text, i.due_on::text, i.period_start_on::text, i.period_end_on::text,
       i.currency_code, i.vendor_snapshot::text AS vendor_snapshot, i.customer_snapshot::text AS customer_snapshot,
       i.contractor_name, i.service_location, i.purchase_order, i.buyer_reference, i.payment_terms_kind,
       i.payment_terms_days, i.notes, i.rounding_version, i.duplicate_reason, i.subtotal_minor, i.discount_minor, i.taxable_minor,
       i.tax_minor, i.total_minor, i.created_at::text, i.issued_at::text, i.cancelled_at::text, i.cancel_reason,
       i.sent_at::text, i.sent_note, i.overdue_at::text, i.send_email::text, i.credit_reason, i.paid_minor, i.credited_minor, i.delivery, i.document_sha256, i.document_fault, i.version,
       i.updated_at::text, s.time_zone, o.number AS original_number,
       (SELECT coalesce(json_agg(json_build_object('description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                                                     'unitPrice', l.unit_price::text, 'discountMinor', l.discount_minor,
                                                     'amountMinor', l.amount_minor, 'taxNames', l.tax_names, 'originalLine', coalesce(l.original_line_no, 0))
                                  ORDER BY l.line_no), '[]')::text
          FROM invoice_lines l WHERE l.invoice_id = i.id) AS lines,
       (SELECT coalesce(json_agg(json_build_object('name', t.name, 'rate', t.rate::text,
                                                     'registrationNumber', t.registration_number,
                                                     'category', t.category, 'exemptionReason', t.exemption_reason,
                                                     'baseMinor', t.base_minor, 'amountMinor', t.amount_minor)
                                  ORDER BY t.tax_no), '[]')::text
          FROM invoice_taxes t WHERE t.invoice_id = i.id) AS taxes
