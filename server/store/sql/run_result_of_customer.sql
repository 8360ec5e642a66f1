-- What runs decided for a customer about days of a period, latest first.
SELECT r.run_id::text, r.customer_id::text, r.vendor_id::text, c.name AS customer_name, r.outcome, r.reason, r.message,
       r.detail::text AS detail, r.uncovered::text AS uncovered, r.invoice_id::text, i.number AS invoice_number, i.total_minor,
       i.currency_code, r.period_start_on::text, r.period_end_on::text, r.created_at::text
  FROM run_results r
  JOIN customers c ON c.id = r.customer_id
  LEFT JOIN invoices i ON i.id = r.invoice_id
 WHERE r.customer_id = :customer_id::uuid AND r.period_start_on <= :last::date AND r.period_end_on >= :first::date
 ORDER BY r.created_at DESC, r.run_id DESC
 LIMIT :limit::bigint
