SELECT i.number
  FROM invoices i
 WHERE i.vendor_id = :vendor_id::uuid AND i.mode = 'IMPORTED' AND starts_with(i.number, :start)
