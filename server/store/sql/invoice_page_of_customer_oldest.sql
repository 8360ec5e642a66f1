SELECT i.invoice_on::text AS cursor_1, i.id::text AS cursor_2
  FROM (SELECT i.invoice_on, i.id
          FROM invoices i
         WHERE i.customer_id = :customer_id::uuid
           AND i.stage = ANY (:stages::text[])
           AND i.invoice_on >= :from_on::date AND i.invoice_on <= :to_on::date
           AND @invoice_of_kind@
           AND @invoice_due@
           @invoice_page_end_oldest@) AS i
 ORDER BY i.invoice_on, i.id
