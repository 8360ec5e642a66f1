SELECT @payment_columns@, p.paid_on::text AS cursor_1, p.id::text AS cursor_2
  FROM payments p
 WHERE @payment_filter@
   AND (:after_1::text IS NULL OR (p.paid_on, p.id) > (:after_1::date, :after_2::uuid))
 ORDER BY p.paid_on, p.id
 LIMIT :limit::bigint
