INSERT INTO payment_allocations (id, payment_id, vendor_id, customer_id, invoice_id, amount_minor, reason, created_at)
VALUES (:id::uuid, :payment_id::uuid, :vendor_id::uuid, :customer_id::uuid, :invoice_id::uuid, :amount_minor::bigint, :reason,
        :now::timestamptz)
