(:vendor_id::uuid IS NULL OR runs.vendor_id = :vendor_id::uuid)
   AND (:mode::text IS NULL OR runs.mode = :mode::text)
   AND (:state::text IS NULL OR runs.state = :state::text)
