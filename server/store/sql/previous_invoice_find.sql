-- The latest invoice of each customer that ends before a day, with its first line of hours.
SELECT q.customer_id::text, coalesce(i.number, '') AS number, i.currency_code, i.total_minor, i.period_start_on::text,
       i.period_end_on::text, l.quantity::text AS hours, l.unit_price::text AS rate
  FROM unnest(:customer_ids::uuid[], :firsts::date[]) AS q (customer_id, first)
  CROSS JOIN LATERAL (SELECT p.id, p.number, p.currency_code, p.total_minor, p.period_start_on, p.period_end_on
                        FROM invoices p
                       WHERE p.customer_id = q.customer_id AND p.kind = 'INVOICE' AND p.cancelled_at IS NULL
                         AND p.period_end_on < q.first
                       ORDER BY p.period_end_on DESC, p.id DESC
                       LIMIT 1) AS i
  LEFT JOIN LATERAL (SELECT n.quantity, n.unit_price
                       FROM invoice_lines n
                      WHERE n.invoice_id = i.id AND n.unit = 'HOUR'
                      ORDER BY n.line_no
                      LIMIT 1) AS l ON true
