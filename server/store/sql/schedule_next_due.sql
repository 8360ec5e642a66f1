SELECT time_zone, min(next_run_on)::text AS next_run_on
  FROM schedules
 WHERE enabled AND next_run_on IS NOT NULL
 GROUP BY time_zone
