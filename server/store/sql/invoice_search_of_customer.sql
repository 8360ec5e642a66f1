WITH hits AS MATERIALIZED (
  SELECT i.invoice_on, i.id
    FROM invoices i
   WHERE i.customer_id = :customer_id::uuid
     AND @invoice_has_all_text@
           @invoice_hits_page@
