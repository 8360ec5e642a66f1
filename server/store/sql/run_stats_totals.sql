SELECT c.currency_code, sum(c.count)::bigint AS count, sum(c.total_minor)::bigint AS total_minor
  FROM runs r
  CROSS JOIN LATERAL (SELECT r.totals UNION ALL SELECT n.totals FROM run_chunks n WHERE n.run_id = r.id) AS l (totals)
  CROSS JOIN LATERAL jsonb_to_recordset(l.totals) AS c (currency_code text, count bigint, total_minor bigint)
 WHERE r.run_on BETWEEN :from_on::date AND :to_on::date AND (:vendor_id::uuid IS NULL OR r.vendor_id = :vendor_id::uuid)
 GROUP BY c.currency_code
 ORDER BY c.currency_code
