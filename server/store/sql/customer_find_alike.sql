SELECT t.text
  FROM jsonb_array_elements_text(:names::jsonb) AS t (text)
  JOIN customers c ON c.vendor_id = :vendor_id::uuid AND lower(c.name) = lower(t.text)
UNION
SELECT t.text
  FROM jsonb_array_elements_text(:emails::jsonb) AS t (text)
  JOIN customers c ON c.vendor_id = :vendor_id::uuid AND address_key(c.email) = address_key(t.text)
