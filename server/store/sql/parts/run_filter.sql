(:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)
   AND (:mode::text IS NULL OR mode = :mode::text)
   AND (:state::text IS NULL OR state = :state::text)
