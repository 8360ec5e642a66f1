-- The issued invoice of each customer whose period is the latest that ends before a day, with its first line of hours, and the
-- last day before that day that an invoice or a draft claims. What was cancelled or credited in full does not count.
SELECT q.customer_id::text, i.number, i.currency_code, i.total_minor, i.period_start_on::text, i.period_end_on::text,
       greatest(i.period_end_on, c.last)::text AS billed_through, l.quantity::text AS hours, l.unit_price::text AS rate
  FROM unnest(:customer_ids::uuid[], :firsts::date[]) AS q (customer_id, first)
  CROSS JOIN LATERAL (SELECT p.id, p.number, p.currency_code, p.total_minor, p.period_start_on, p.period_end_on
                        FROM invoices p
                       WHERE p.customer_id = q.customer_id AND p.kind = 'INVOICE' AND p.issued_at IS NOT NULL
                         AND p.cancelled_at IS NULL AND NOT (p.credited_minor > 0 AND p.credited_minor >= p.total_minor)
                         AND p.period_end_on < q.first
                       ORDER BY p.period_end_on DESC, p.id DESC
                       LIMIT 1) AS i
  CROSS JOIN LATERAL (SELECT max(upper(p.days) - 1) AS last
                        FROM period_claims p
                       WHERE p.customer_id = q.customer_id AND p.days << daterange(q.first, NULL, '[)')) AS c
  LEFT JOIN LATERAL (SELECT n.quantity, n.unit_price
                       FROM invoice_lines n
                      WHERE n.invoice_id = i.id AND n.unit = 'HOUR'
                      ORDER BY n.line_no
                      LIMIT 1) AS l ON true
