-- All that has the text, up to a bound: found by the index of texts with its rarest part, and by no other index beside it; and the invoices
-- of customers that bear the text since they were renamed.
WITH @invoice_renamed_customers@,
hits AS MATERIALIZED (
  (SELECT i.invoice_on, i.id
     FROM invoices i
    WHERE @invoice_has_text@
      AND @invoice_has_all_text@
      AND @invoice_hit@
    LIMIT :most::bigint)
   UNION
  (SELECT i.invoice_on, i.id
     FROM renamed r
    CROSS JOIN LATERAL (
           SELECT i.invoice_on, i.id
             FROM invoices i
            WHERE i.customer_id = r.id
              AND @invoice_hit@
            LIMIT :most::bigint) AS i
    LIMIT :most::bigint)
   LIMIT :most::bigint),
@invoice_hits_page@
