SELECT r.line, r.name, r.customer, r.content::text, r.faults::text, r.warnings::text
  FROM import_rows r
 WHERE r.import_id = :import_id::uuid
 ORDER BY r.line
