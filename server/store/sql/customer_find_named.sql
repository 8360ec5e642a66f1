SELECT @customer_columns@
  @customer_tables@
 WHERE c.vendor_id = :vendor_id::uuid AND c.active
   AND (c.id::text IN (SELECT jsonb_array_elements_text(:names::jsonb))
        OR c.name IN (SELECT jsonb_array_elements_text(:names::jsonb)))
 ORDER BY c.id
 LIMIT :limit::bigint
