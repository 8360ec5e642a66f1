-- Drafts, what is open and overdue, and what was issued and paid since a day, by currency.
SELECT f.figure, f.currency_code, sum(f.document_count)::bigint AS count, sum(f.amount_minor)::bigint AS amount,
       coalesce(sum(f.document_count) FILTER (WHERE f.overdue), 0)::bigint AS overdue_count,
       coalesce(sum(f.amount_minor) FILTER (WHERE f.overdue), 0)::bigint AS overdue_amount
  FROM (SELECT f.*, CASE WHEN f.figure <> 'OPEN' OR f.on_day >= :latest_today::date THEN false
                         WHEN f.on_day < :earliest_today::date THEN true
                         ELSE f.on_day < (:now::timestamptz AT TIME ZONE f.time_zone)::date END AS overdue
          FROM @rollup_figures@
         WHERE (:vendor_id::uuid IS NULL OR f.vendor_id = :vendor_id::uuid)
           AND (f.figure IN ('DRAFT', 'OPEN') OR f.on_day = :month::date)) AS f
 GROUP BY f.figure, f.currency_code
 ORDER BY f.figure, f.currency_code
