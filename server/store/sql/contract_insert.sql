INSERT INTO contracts (customer_id, vendor_id, invoice_prefix, number_pattern, frequency, default_hours, rate_per_hour,
                       currency_code, taxes, payment_terms_kind, payment_terms_days, extra_fees_minor, extra_fees_label,
                       start_on, end_on, purchase_order, buyer_reference, require_timesheet, notes, version, updated_at)
VALUES (:customer_id::uuid, :vendor_id::uuid, :invoice_prefix, :number_pattern, :frequency, :default_hours::numeric,
        :rate_per_hour::numeric, :currency_code, :taxes::jsonb, :payment_terms_kind, :payment_terms_days::integer,
        :extra_fees_minor::bigint, :extra_fees_label, :start_on::date, :end_on::date, :purchase_order,
        :buyer_reference, :require_timesheet::boolean, :notes, 1, :now::timestamptz)
