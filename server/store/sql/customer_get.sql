SELECT @customer_columns@
  @customer_tables@
 WHERE c.id = :id::uuid
