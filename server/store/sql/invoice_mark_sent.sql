UPDATE invoices
   SET delivery = :delivery, sent_at = coalesce(sent_at, :now::timestamptz), sent_note = :note, version = version + 1,
       updated_at = :now::timestamptz
 WHERE id = :id::uuid
