(:active::boolean IS NULL OR c.active = :active::boolean)
   AND (:vendor_id::uuid IS NULL OR c.vendor_id = :vendor_id::uuid)
