UPDATE invoices
   SET credited_minor = credited_minor + :amount_minor::bigint, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
