@invoice_head_columns@,
       (SELECT coalesce(json_agg(json_build_object('description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                                                     'unitPrice', l.unit_price::text, 'discountMinor', l.discount_minor,
                                                     'amountMinor', l.amount_minor, 'taxNames', l.tax_names, 'originalLine', coalesce(l.original_line_no, 0))
                                  ORDER BY l.line_no), '[]')::text
          FROM invoice_lines l WHERE l.invoice_id = i.id) AS lines,
       (SELECT coalesce(json_agg(json_build_object('name', t.name, 'rate', t.rate::text,
                                                     'registrationNumber', t.registration_number,
                                                     'category', t.category, 'exemptionReason', t.exemption_reason,
                                                     'baseMinor', t.base_minor, 'amountMinor', t.amount_minor)
                                  ORDER BY t.tax_no), '[]')::text
          FROM invoice_taxes t WHERE t.invoice_id = i.id) AS taxes
