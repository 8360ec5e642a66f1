UPDATE invoices
   SET cancelled_at = :now::timestamptz, cancel_reason = :reason, delivery = :delivery, version = version + 1,
       updated_at = :now::timestamptz
 WHERE id = :id::uuid
