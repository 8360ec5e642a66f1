UPDATE invoices
   SET document_sha256 = coalesce(document_sha256, :sha256), document_fault = '', version = version + 1,
       updated_at = :now::timestamptz
 WHERE id = :id::uuid
RETURNING document_sha256
