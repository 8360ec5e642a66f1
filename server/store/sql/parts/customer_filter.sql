(:vendor_id::uuid IS NULL OR c.vendor_id = :vendor_id::uuid)
   AND (:active::boolean IS NULL OR c.active = :active::boolean)
   AND (:q::text IS NULL OR lower(c.name || ' ' || c.email) LIKE lower(:q::text))
