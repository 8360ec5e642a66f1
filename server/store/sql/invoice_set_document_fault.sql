UPDATE invoices
   SET document_fault = :fault, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid AND document_sha256 IS NULL
