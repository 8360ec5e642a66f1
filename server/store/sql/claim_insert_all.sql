-- A day that is taken drops its claim; the caller sees which are missing.
INSERT INTO period_claims (invoice_id, vendor_id, customer_id, days)
SELECT q.invoice_id, q.vendor_id, q.customer_id, daterange(q.first, q.last, '[]')
  FROM unnest(:invoice_ids::uuid[], :vendor_ids::uuid[], :customer_ids::uuid[], :firsts::date[], :lasts::date[])
       AS q (invoice_id, vendor_id, customer_id, first, last)
ON CONFLICT ON CONSTRAINT period_claims_no_overlap DO NOTHING
RETURNING invoice_id::text
