COPY contracts (customer_id, vendor_id, invoice_prefix, number_pattern, frequency, default_hours, rate_per_hour, currency_code, taxes,
                payment_terms_kind, payment_terms_days, extra_fees_minor, extra_fees_label, start_on, end_on, purchase_order,
                buyer_reference, require_timesheet, partial_periods, notes, updated_at, version)
FROM STDIN
