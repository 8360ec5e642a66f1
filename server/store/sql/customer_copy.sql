COPY customers (id, vendor_id, name, email, cc_emails, bcc_emails, contractor_name, service_location, locale, tax_number, address, active, updated_at,
                version, created_at)
FROM STDIN
