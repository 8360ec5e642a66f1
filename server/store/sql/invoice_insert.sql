INSERT INTO invoices (id, vendor_id, customer_id, run_id, kind, original_invoice_id, mode, number, series_key, sequence,
                      invoice_on, due_on, period_start_on, period_end_on, currency_code, vendor_snapshot, customer_snapshot,
                      customer_name, contractor_name, service_location, purchase_order, buyer_reference,
                      payment_terms_kind, payment_terms_days, notes, duplicate_reason, credit_reason, send_email, rounding_version, subtotal_minor,
                      discount_minor, taxable_minor, tax_minor, total_minor, created_at, issued_at, delivery, version,
                      updated_at)
VALUES (:id::uuid, :vendor_id::uuid, :customer_id::uuid, :run_id::uuid, :kind, :original_invoice_id::uuid, :mode, :number,
        :series_key, :sequence::bigint, :invoice_on::date, :due_on::date, :period_start_on::date, :period_end_on::date,
        :currency_code, :vendor_snapshot::jsonb, :customer_snapshot::jsonb, :customer_name, :contractor_name,
        :service_location, :purchase_order, :buyer_reference, :payment_terms_kind, :payment_terms_days::integer, :notes,
        :duplicate_reason, :credit_reason, :send_email::boolean, :rounding_version::integer, :subtotal_minor::bigint, :discount_minor::bigint,
        :taxable_minor::bigint, :tax_minor::bigint, :total_minor::bigint, :now::timestamptz, :issued_at::timestamptz,
        :delivery, 1, :now::timestamptz)
