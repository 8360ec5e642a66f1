SELECT i.number
  FROM invoices i
 WHERE i.vendor_id = :vendor_id::uuid AND i.number IN (SELECT jsonb_array_elements_text(:numbers::jsonb))
