WITH @invoice_renamed_customers@,
hits AS MATERIALIZED (
  SELECT i.invoice_on, i.id
    FROM invoices i
   WHERE i.customer_id = :customer_id::uuid
     AND @invoice_is_found@
     AND @invoice_hit@
   LIMIT :most::bigint),
@invoice_hits_page@
