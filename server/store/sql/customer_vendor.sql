SELECT vendor_id::text
  FROM customers
 WHERE id = :id::uuid
