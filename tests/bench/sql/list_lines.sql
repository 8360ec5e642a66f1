-- The lines and taxes of the model for every generated invoice of the currency.
INSERT INTO invoice_lines (invoice_id, vendor_id, line_no, description, quantity, unit, unit_price, discount_minor, amount_minor,
                           tax_names)
SELECT i.id, i.vendor_id, l.line_no, l.description, l.quantity, l.unit, l.unit_price, l.discount_minor, l.amount_minor,
       l.tax_names
  FROM invoices i
 CROSS JOIN invoice_lines l
 WHERE l.invoice_id = current_setting('bench.model')::uuid AND i.id <> l.invoice_id
   AND i.currency_code = current_setting('bench.currency');
INSERT INTO invoice_taxes (invoice_id, vendor_id, tax_no, name, rate, registration_number, category, exemption_reason, base_minor,
                           amount_minor)
SELECT i.id, i.vendor_id, t.tax_no, t.name, t.rate, t.registration_number, t.category, t.exemption_reason, t.base_minor,
       t.amount_minor
  FROM invoices i
 CROSS JOIN invoice_taxes t
 WHERE t.invoice_id = current_setting('bench.model')::uuid AND i.id <> t.invoice_id
   AND i.currency_code = current_setting('bench.currency');
