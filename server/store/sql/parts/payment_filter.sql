(:customer_id::uuid IS NULL OR p.customer_id = :customer_id::uuid)
   AND (:vendor_id::uuid IS NULL OR p.vendor_id = :vendor_id::uuid)
   AND (:from_on::date IS NULL OR p.paid_on >= :from_on::date)
   AND (:to_on::date IS NULL OR p.paid_on <= :to_on::date)
   AND (:invoice_id::uuid IS NULL OR EXISTS (SELECT 1 FROM payment_allocations a
                                              WHERE a.payment_id = p.id AND a.invoice_id = :invoice_id::uuid))
