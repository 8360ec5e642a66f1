-- The figures of all invoices as deltas: what the triggers, which do not run while the books are generated, would have written.
DELETE FROM rollup_deltas;
DELETE FROM rollups;
INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
SELECT f.figure, i.vendor_id, i.currency_code, f.on_day, f.zone, sum(f.document_count), sum(f.amount_minor), sum(f.net_minor)
  FROM invoices i
  JOIN schedules s ON s.customer_id = i.customer_id
 CROSS JOIN LATERAL figures_of_invoice(i.stage, i.invoice_on, i.open_due_on, s.time_zone, i.total_minor, i.taxable_minor,
                                       i.paid_minor + i.credited_minor) f
 GROUP BY 1, 2, 3, 4, 5;
-- Something happened to the latest invoices.
INSERT INTO audit_events (id, vendor_id, at, actor_id, actor_name, action, resource, resource_id, request_id, remote)
SELECT gen_random_uuid(), vendor_id, created_at, 'bench', 'bench', 'issue', 'invoice', id, '', ''
  FROM invoices
 WHERE invoice_on > current_date - 60;
