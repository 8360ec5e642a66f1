-- The invoices of a page, in its order.
SELECT @invoice_columns@
  @invoice_tables@
  JOIN unnest(:ids::uuid[]) WITH ORDINALITY AS page (id, place) ON page.id = i.id
 ORDER BY page.place
