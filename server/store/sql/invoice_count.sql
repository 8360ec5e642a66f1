SELECT count(*)
  FROM (SELECT 1
          FROM invoices i
          JOIN schedules s ON s.customer_id = i.customer_id
 WHERE @invoice_filter@
         LIMIT :limit::bigint) AS counted
