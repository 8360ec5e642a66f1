UPDATE invoices
   SET delivery = :delivery, sent_at = coalesce(sent_at, :sent_at::timestamptz), version = version + 1,
       updated_at = :now::timestamptz
 WHERE id = :id::uuid
