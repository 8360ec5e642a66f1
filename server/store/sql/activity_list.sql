SELECT a.id::text, a.at::text, a.actor_name, a.resource, a.action, i.id::text AS invoice_id, i.number AS invoice_number,
       i.kind AS invoice_kind, c.id::text AS customer_id, coalesce(i.customer_name, c.name) AS customer_name, e.recipient,
       e.state_reason, r.run_on::text, r.invoiced_count, r.skipped_count, r.held_count, r.failed_count
  FROM (SELECT *
          FROM audit_events a
         WHERE a.resource IN ('invoice', 'draft', 'payment', 'run', 'email')
           AND a.id < :after::uuid
         ORDER BY a.id DESC
         LIMIT :limit::bigint) AS a
  LEFT JOIN emails e ON a.resource = 'email' AND e.id = a.resource_id
  LEFT JOIN runs r ON a.resource = 'run' AND r.id = a.resource_id
  LEFT JOIN invoices i ON i.id = CASE a.resource WHEN 'invoice' THEN a.resource_id WHEN 'draft' THEN a.resource_id WHEN 'email' THEN e.invoice_id END
  LEFT JOIN payments p ON a.resource = 'payment' AND p.id = a.resource_id
  LEFT JOIN customers c ON c.id = coalesce(i.customer_id, p.customer_id)
 ORDER BY a.id DESC
