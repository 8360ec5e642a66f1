INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, reference, notes, created_at, version,
                      updated_at)
VALUES (:id::uuid, :vendor_id::uuid, :customer_id::uuid, :paid_on::date, :amount_minor::bigint, :currency_code, :method, :reference,
        :notes, :now::timestamptz, 1, :now::timestamptz)
