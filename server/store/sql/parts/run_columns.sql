runs.id::text, runs.vendor_id::text, runs.mode, runs.state, runs.run_on::text, runs.send_email::text, runs.requested_by, runs.total_count,
       runs.invoiced_count + coalesce(k.invoiced_count, 0) AS invoiced_count,
       runs.skipped_count + coalesce(k.skipped_count, 0) AS skipped_count,
       runs.held_count + coalesce(k.held_count, 0) AS held_count, runs.failed_count + coalesce(k.failed_count, 0) AS failed_count,
       array_to_json(runs.customer_ids)::text AS customer_ids, runs.plan_id::text, runs.plan_hash,
       CASE WHEN runs.state IN ('PENDING', 'RUNNING') AND runs.problem = '' THEN coalesce(@run_delay@, '') ELSE runs.problem END AS problem,
       runs.complete::text, runs.created_at::text, runs.finished_at::text, runs.version,
       (SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY t.currency_code), '[]')::text
          FROM (SELECT c.currency_code, sum(c.count) AS count, sum(c.total_minor) AS total_minor
                  FROM (SELECT runs.totals UNION ALL SELECT n.totals FROM run_chunks n WHERE n.run_id = runs.id) AS l (totals),
                       jsonb_to_recordset(l.totals) AS c (currency_code text, count bigint, total_minor bigint)
                 GROUP BY c.currency_code) AS t) AS totals
