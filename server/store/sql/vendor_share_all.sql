SELECT @vendor_columns@
  FROM vendors
 WHERE id = ANY (:ids::uuid[])
 ORDER BY id
   FOR SHARE
