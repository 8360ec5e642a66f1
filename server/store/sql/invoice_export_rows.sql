-- What an export shows of the invoices of a batch, in its order.
SELECT i.id::text, i.number, i.kind, i.invoice_on::text, i.due_on::text, i.period_start_on::text, i.period_end_on::text,
       i.vendor_id::text, i.customer_id::text, i.customer_name, i.purchase_order, i.currency_code, i.subtotal_minor,
       i.discount_minor, i.tax_minor, i.total_minor, i.paid_minor, i.credited_minor, i.delivery,
       (i.issued_at IS NOT NULL)::text AS issued, (i.cancelled_at IS NOT NULL)::text AS cancelled,
       (i.sent_at IS NOT NULL)::text AS sent, s.time_zone
  FROM unnest(:ids::uuid[]) WITH ORDINALITY AS page (id, place)
  JOIN invoices i ON i.id = page.id
  JOIN schedules s ON s.customer_id = i.customer_id
 ORDER BY page.place
