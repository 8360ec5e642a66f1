SELECT i.id::text, i.period_start_on::text, i.period_end_on::text
  FROM invoices i
 WHERE i.customer_id = :customer_id::uuid AND i.id <> :invoice_id::uuid AND i.kind = 'INVOICE' AND i.duplicate_reason <> ''
   AND i.period_start_on <= :last::date AND i.period_end_on >= :first::date
   AND i.cancelled_at IS NULL AND NOT (i.credited_minor > 0 AND i.credited_minor >= i.total_minor)
 ORDER BY i.created_at, i.id
 LIMIT :limit::bigint
