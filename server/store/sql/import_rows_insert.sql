INSERT INTO import_rows (import_id, vendor_id, line, name, customer, content, faults, warnings)
SELECT :import_id::uuid, :vendor_id::uuid, r.line, r.name, r.customer, r.content, r.faults, r.warnings
  FROM jsonb_to_recordset(:rows::jsonb)
       AS r (line integer, name text, customer text, content jsonb, faults jsonb, warnings jsonb)
