SELECT f.on_day::text, f.currency_code,
       coalesce(sum(f.net_minor) FILTER (WHERE f.figure = 'ISSUED'), 0)::bigint AS issued,
       coalesce(sum(f.amount_minor) FILTER (WHERE f.figure = 'PAID'), 0)::bigint AS paid,
       coalesce(sum(f.document_count) FILTER (WHERE f.figure = 'ISSUED'), 0)::bigint AS count
  FROM @rollup_figures@
 WHERE f.figure IN ('ISSUED', 'PAID')
   AND f.on_day BETWEEN :from_on::date AND :to_on::date
   AND (:vendor_id::uuid IS NULL OR f.vendor_id = :vendor_id::uuid)
 GROUP BY f.on_day, f.currency_code
HAVING sum(f.document_count) <> 0 OR sum(f.amount_minor) <> 0 OR sum(f.net_minor) <> 0
 ORDER BY f.on_day, f.currency_code
