SELECT @customer_columns@
  @customer_tables@
 WHERE c.id = ANY (:ids::uuid[])
 ORDER BY c.id
