id::text, vendor_id::text, mode, state, run_on::text, coalesce(send_email, false)::text AS send_email, requested_by, total_count, invoiced_count, skipped_count,
       held_count, failed_count, created_at::text, finished_at::text, version,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('currencyCode', t.currency_code, 'count', t.count, 'totalMinor', t.total_minor)
                                  ORDER BY t.currency_code), '[]')::text
          FROM (SELECT i.currency_code, count(*) AS count, sum(i.total_minor)::bigint AS total_minor
                  FROM invoices i WHERE i.run_id = runs.id GROUP BY i.currency_code) AS t) AS totals
