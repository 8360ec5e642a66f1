INSERT INTO invoice_taxes (invoice_id, vendor_id, tax_no, name, rate, registration_number, category, exemption_reason,
                           base_minor, amount_minor)
SELECT :invoice_id::uuid, :vendor_id::uuid, t.tax_no, t.name, t.rate, t.registration_number, t.category,
       t.exemption_reason, t.base_minor, t.amount_minor
  FROM jsonb_to_recordset(:taxes::jsonb)
       AS t (tax_no integer, name text, rate numeric, registration_number text, category text, exemption_reason text,
             base_minor bigint, amount_minor bigint)
