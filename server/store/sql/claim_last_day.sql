SELECT max(upper(p.days) - 1)::text AS last
  FROM period_claims p
  JOIN invoices i ON i.id = p.invoice_id
 WHERE p.customer_id = :customer_id::uuid AND upper(p.days) - 1 <= :through::date AND i.mode <> 'WIZARD'
