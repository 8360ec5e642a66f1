customer_id::text, vendor_id::text, customer_name, outcome, reason, message, period_start_on::text, period_end_on::text, hours::text,
       currency_code, total_minor, previous_total_minor, differences::text AS differences, send_email::text, digest
