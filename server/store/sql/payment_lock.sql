SELECT @payment_columns@
  FROM payments p
 WHERE p.id = :id::uuid
   FOR UPDATE OF p
