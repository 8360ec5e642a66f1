COPY invoice_taxes (invoice_id, vendor_id, tax_no, name, rate, registration_number, category, exemption_reason, base_minor,
                    amount_minor)
FROM STDIN
