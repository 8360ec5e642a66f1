-- For texts that so many invoices have that the next ones are near. The index of texts is kept out of it.
@invoice_lanes@,
@invoice_renamed_customers@
SELECT i.invoice_on::text AS cursor_1, i.id::text AS cursor_2
  FROM spans
 CROSS JOIN LATERAL (
        SELECT i.invoice_on, i.id
          FROM invoices i
         WHERE @invoice_in_span@
           AND (:vendor_id::uuid IS NULL OR i.vendor_id = :vendor_id::uuid)
           AND @invoice_is_found@
           @invoice_page_end_oldest@) AS i
 ORDER BY i.invoice_on, i.id
 LIMIT :limit::bigint
