-- Of invoices that the transaction wrote or locked.
UPDATE invoices
   SET delivery = :delivery, version = version + 1, updated_at = :now::timestamptz
 WHERE id = ANY (:ids::uuid[])
