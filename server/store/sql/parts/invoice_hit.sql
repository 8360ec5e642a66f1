i.stage || '' = ANY (:stages::text[])
           AND i.invoice_on + 0 >= :from_on::date AND i.invoice_on + 0 <= :to_on::date
           AND (:vendor_id::uuid IS NULL OR i.vendor_id = :vendor_id::uuid)
           AND @invoice_of_kind@
           AND @invoice_due@
