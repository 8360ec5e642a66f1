UPDATE invoices
   SET invoice_on = :invoice_on::date, due_on = :due_on::date, period_start_on = :period_start_on::date,
       period_end_on = :period_end_on::date, currency_code = :currency_code, vendor_snapshot = :vendor_snapshot::jsonb,
       customer_snapshot = :customer_snapshot::jsonb, customer_name = :customer_name, contractor_name = :contractor_name,
       service_location = :service_location, purchase_order = :purchase_order, buyer_reference = :buyer_reference,
       payment_terms_kind = :payment_terms_kind, payment_terms_days = :payment_terms_days::integer, notes = :notes,
       duplicate_reason = :duplicate_reason, send_email = :send_email::boolean, rounding_version = :rounding_version::integer,
       subtotal_minor = :subtotal_minor::bigint, discount_minor = :discount_minor::bigint,
       taxable_minor = :taxable_minor::bigint, tax_minor = :tax_minor::bigint, total_minor = :total_minor::bigint,
       version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid AND issued_at IS NULL
