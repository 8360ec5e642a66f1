SELECT @invoice_columns@
  @invoice_tables@
 WHERE i.id = :id::uuid
