-- All that has the text, up to a bound: found by the index of texts with its rarest part, and by no other index beside it.
WITH hits AS MATERIALIZED (
  SELECT i.invoice_on, i.id
    FROM invoices i
   WHERE @invoice_has_text@
     AND @invoice_has_all_text@
           @invoice_hits_page@
