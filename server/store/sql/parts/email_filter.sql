(:invoice_id::uuid IS NULL OR e.invoice_id = :invoice_id::uuid)
   AND (:vendor_id::uuid IS NULL OR e.vendor_id = :vendor_id::uuid)
   AND (:state::text IS NULL OR e.state = :state::text)
   AND (:recipient::text IS NULL OR address_key(e.recipient) = address_key(:recipient::text))
