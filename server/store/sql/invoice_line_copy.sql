COPY invoice_lines (invoice_id, vendor_id, line_no, description, quantity, unit, unit_price, discount_minor, amount_minor, tax_names,
                    original_line_no)
FROM STDIN
