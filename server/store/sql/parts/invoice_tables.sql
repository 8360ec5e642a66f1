FROM invoices i
  JOIN schedules s ON s.customer_id = i.customer_id
  LEFT JOIN invoices o ON o.id = i.original_invoice_id
