AND i.stage || '' = ANY (:stages::text[])
           AND i.invoice_on + 0 >= :from_on::date AND i.invoice_on + 0 <= :to_on::date
           AND (:vendor_id::uuid IS NULL OR i.vendor_id = :vendor_id::uuid)
           AND @invoice_of_kind@
           AND @invoice_due@
         LIMIT :most::bigint),
page AS (
  SELECT h.invoice_on, h.id, row_number() OVER (ORDER BY h.invoice_on, h.id) AS place
    FROM hits h
   WHERE CASE WHEN :oldest_first::boolean THEN (h.invoice_on, h.id) > (:after_1::date, :after_2::uuid)
              ELSE (h.invoice_on, h.id) < (:after_1::date, :after_2::uuid) END)
SELECT p.invoice_on::text AS cursor_1, p.id::text AS cursor_2, (SELECT count(*) FROM hits) AS count
  FROM page p
 ORDER BY CASE WHEN :oldest_first::boolean THEN p.place ELSE -p.place END
 LIMIT :limit::bigint
