SELECT @invoice_columns@,
       i.invoice_on::text AS cursor_1, i.id::text AS cursor_2
  @invoice_tables@
 WHERE @invoice_filter@
   AND (:after_1::text IS NULL OR (i.invoice_on, i.id) < (:after_1::date, :after_2::uuid))
 ORDER BY i.invoice_on DESC, i.id DESC
 LIMIT :limit::bigint
