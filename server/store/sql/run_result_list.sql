SELECT r.run_id::text, r.customer_id::text, r.vendor_id::text, c.name AS customer_name, r.outcome, r.reason, r.message,
       r.detail::text AS detail, r.uncovered::text AS uncovered, r.invoice_id::text, i.number AS invoice_number, i.total_minor,
       i.currency_code, r.period_start_on::text, r.period_end_on::text, r.created_at::text, c.name AS cursor_1,
       r.customer_id::text AS cursor_2
  FROM run_results r
  JOIN customers c ON c.id = r.customer_id
  LEFT JOIN invoices i ON i.id = r.invoice_id
 WHERE r.run_id = :run_id::uuid
   AND (:outcome::text IS NULL OR r.outcome = :outcome::text)
   AND (:after_1::text IS NULL OR (c.name COLLATE "und-x-icu", r.customer_id) > (:after_1::text, :after_2::uuid))
 ORDER BY c.name COLLATE "und-x-icu", r.customer_id
 LIMIT :limit::bigint
