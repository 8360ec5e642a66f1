INSERT INTO period_claims (invoice_id, vendor_id, customer_id, days)
SELECT :invoice_id::uuid, :vendor_id::uuid, :customer_id::uuid, free.days
  FROM unnest(datemultirange(daterange(:first::date, :last::date, '[]'))
              - coalesce((SELECT range_agg(p.days) FROM period_claims p
                           WHERE p.customer_id = :customer_id::uuid
                             AND p.days && daterange(:first::date, :last::date, '[]')), datemultirange())) AS free (days)
ON CONFLICT ON CONSTRAINT period_claims_no_overlap DO NOTHING
