SELECT i.id::text, i.customer_id::text, coalesce(i.number, '') AS number, i.currency_code, i.kind, i.total_minor, i.paid_minor,
       i.credited_minor, i.due_on::text, (i.issued_at IS NOT NULL)::text AS issued, (i.cancelled_at IS NOT NULL)::text AS cancelled,
       (i.sent_at IS NOT NULL)::text AS sent
  FROM invoices i
 WHERE i.id = ANY (:ids::uuid[])
 ORDER BY i.id
   FOR UPDATE
