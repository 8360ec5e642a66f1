SELECT @customer_columns@
  @customer_tables@
 WHERE c.id = :id::uuid
   FOR UPDATE OF c, k, s
