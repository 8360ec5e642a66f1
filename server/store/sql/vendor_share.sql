SELECT @vendor_columns@
  FROM vendors
 WHERE id = :id::uuid
   FOR SHARE
