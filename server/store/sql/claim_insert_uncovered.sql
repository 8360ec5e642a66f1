INSERT INTO period_claims (invoice_id, vendor_id, customer_id, days)
SELECT :invoice_id::uuid, :vendor_id::uuid, :customer_id::uuid, uncovered.days
  FROM unnest(datemultirange(daterange(:first::date, :last::date, '[]'))
              - coalesce((SELECT range_agg(days) FROM period_claims
                           WHERE customer_id = :customer_id::uuid
                             AND days && daterange(:first::date, :last::date, '[]')), '{}')) AS uncovered (days)
ON CONFLICT ON CONSTRAINT period_claims_no_overlap DO NOTHING
