UPDATE contracts
   SET invoice_prefix = :invoice_prefix, number_pattern = :number_pattern, frequency = :frequency,
       default_hours = :default_hours::numeric, rate_per_hour = :rate_per_hour::numeric, currency_code = :currency_code,
       taxes = :taxes::jsonb, payment_terms_kind = :payment_terms_kind, payment_terms_days = :payment_terms_days::integer,
       extra_fees_minor = :extra_fees_minor::bigint, extra_fees_label = :extra_fees_label, start_on = :start_on::date,
       end_on = :end_on::date, purchase_order = :purchase_order, buyer_reference = :buyer_reference,
       require_timesheet = :require_timesheet::boolean, partial_periods = :partial_periods, notes = :notes, version = version + 1,
       updated_at = :now::timestamptz
 WHERE customer_id = :customer_id::uuid AND vendor_id = :vendor_id::uuid
