SELECT ceil(extract(epoch FROM min(greatest(run_at, coalesce(lease_until, run_at))) - now()) * 1000)::bigint AS delay_ms
  FROM jobs
 WHERE failed_at IS NULL
