INSERT INTO invoice_lines (invoice_id, vendor_id, line_no, description, quantity, unit, unit_price, discount_minor,
                           amount_minor, tax_names)
SELECT :invoice_id::uuid, :vendor_id::uuid, l.line_no, l.description, l.quantity, l.unit, l.unit_price, l.discount_minor,
       l.amount_minor, l.tax_names
  FROM jsonb_to_recordset(:lines::jsonb)
       AS l (line_no integer, description text, quantity numeric, unit text, unit_price numeric, discount_minor bigint,
             amount_minor bigint, tax_names jsonb)
