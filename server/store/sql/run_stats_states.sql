SELECT r.state, count(*) AS count, sum(r.invoiced_count + coalesce(k.invoiced_count, 0))::bigint AS invoiced_count,
       sum(r.skipped_count + coalesce(k.skipped_count, 0))::bigint AS skipped_count,
       sum(r.held_count + coalesce(k.held_count, 0))::bigint AS held_count,
       sum(r.failed_count + coalesce(k.failed_count, 0))::bigint AS failed_count
  FROM runs r
  LEFT JOIN LATERAL (SELECT sum(n.invoiced_count) AS invoiced_count, sum(n.skipped_count) AS skipped_count,
                            sum(n.held_count) AS held_count, sum(n.failed_count) AS failed_count
                       FROM run_chunks n
                      WHERE n.run_id = r.id) AS k ON true
 WHERE r.run_on BETWEEN :from_on::date AND :to_on::date AND (:vendor_id::uuid IS NULL OR r.vendor_id = :vendor_id::uuid)
 GROUP BY r.state
 ORDER BY r.state
