AND (i.invoice_on, i.id) > (:after_1::date, :after_2::uuid)
         ORDER BY i.invoice_on, i.id
         LIMIT :limit::bigint
