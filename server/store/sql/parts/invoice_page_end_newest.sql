AND (i.invoice_on, i.id) < (:after_1::date, :after_2::uuid)
         ORDER BY i.invoice_on DESC, i.id DESC
         LIMIT :limit::bigint
