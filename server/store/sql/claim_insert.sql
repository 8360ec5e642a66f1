INSERT INTO period_claims (invoice_id, vendor_id, customer_id, days)
VALUES (:invoice_id::uuid, :vendor_id::uuid, :customer_id::uuid, daterange(:first::date, :last::date, '[]'))
ON CONFLICT ON CONSTRAINT period_claims_no_overlap DO NOTHING
