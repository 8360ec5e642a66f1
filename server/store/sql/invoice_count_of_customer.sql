SELECT count(*)
  FROM (SELECT 1
          FROM invoices i
         WHERE i.customer_id = :customer_id::uuid
           AND i.stage = ANY (:stages::text[])
           AND i.invoice_on >= :from_on::date AND i.invoice_on <= :to_on::date
           AND @invoice_of_kind@
           AND @invoice_due@
         LIMIT :limit::bigint) AS counted
