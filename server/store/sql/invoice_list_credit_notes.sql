SELECT @invoice_columns@
  @invoice_tables@
 WHERE i.vendor_id = :vendor_id::uuid AND i.original_invoice_id = :id::uuid
 ORDER BY i.id
 LIMIT :limit::bigint
