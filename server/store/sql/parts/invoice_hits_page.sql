page AS (
  SELECT h.invoice_on, h.id, row_number() OVER (ORDER BY h.invoice_on, h.id) AS place
    FROM hits h
   WHERE CASE WHEN :oldest_first::boolean THEN (h.invoice_on, h.id) > (:after_1::date, :after_2::uuid)
              ELSE (h.invoice_on, h.id) < (:after_1::date, :after_2::uuid) END)
SELECT p.invoice_on::text AS cursor_1, p.id::text AS cursor_2, (SELECT count(*) FROM hits) AS count
  FROM page p
 ORDER BY CASE WHEN :oldest_first::boolean THEN p.place ELSE -p.place END
 LIMIT :limit::bigint
