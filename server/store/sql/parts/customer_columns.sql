c.id::text, c.vendor_id::text, c.name, c.email, c.cc_emails::text AS cc_emails, c.bcc_emails::text AS bcc_emails, c.contractor_name, c.service_location, c.locale,
       c.tax_number, c.address::text AS address, c.active::text, c.version, c.created_at::text, c.updated_at::text,
       k.customer_id::text AS customer_id, k.invoice_prefix, k.number_pattern, k.frequency, k.default_hours::text, k.rate_per_hour::text, k.currency_code,
       k.taxes::text AS taxes, k.payment_terms_kind, k.payment_terms_days, k.extra_fees_minor, k.extra_fees_label,
       k.start_on::text, k.end_on::text, k.purchase_order, k.buyer_reference, k.require_timesheet::text, k.partial_periods, k.notes,
       k.version AS contract_version, k.updated_at::text AS contract_updated_at,
       @schedule_columns@
