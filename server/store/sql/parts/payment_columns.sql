p.id::text, p.vendor_id::text, p.customer_id::text, p.paid_on::text, p.amount_minor, p.currency_code, p.method, p.reference, p.notes,
       p.allocated_minor, p.reversed_at::text, p.reverse_reason, p.created_at::text, p.version, p.updated_at::text,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('invoiceId', a.invoice_id, 'number', i.number, 'amountMinor', a.amount_minor)
                                  ORDER BY a.since, i.number), '[]')::text
          FROM (SELECT invoice_id, sum(amount_minor) AS amount_minor, min(created_at) AS since
                  FROM payment_allocations WHERE payment_id = p.id GROUP BY invoice_id HAVING sum(amount_minor) > 0) AS a
          JOIN invoices i ON i.id = a.invoice_id) AS allocations
