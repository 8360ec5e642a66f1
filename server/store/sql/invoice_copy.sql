-- The numbers stand last: the rest of a row is made before they are taken.
COPY invoices (id, vendor_id, customer_id, run_id, kind, original_invoice_id, mode, invoice_on, due_on, period_start_on,
               period_end_on, currency_code, vendor_snapshot, customer_snapshot, customer_name, contractor_name, service_location,
               purchase_order, buyer_reference, payment_terms_kind, payment_terms_days, notes, duplicate_reason, credit_reason,
               send_email, rounding_version, subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor, created_at,
               issued_at, delivery, version, updated_at, number, series_key, sequence)
FROM STDIN
