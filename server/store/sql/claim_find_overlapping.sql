SELECT i.id::text, i.number, lower(p.days)::text AS first, (upper(p.days) - 1)::text AS last
  FROM period_claims p
  JOIN invoices i ON i.id = p.invoice_id
 WHERE p.customer_id = :customer_id::uuid AND p.days && daterange(:first::date, :last::date, '[]')
 ORDER BY lower(p.days)

