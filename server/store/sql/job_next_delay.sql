-- Of jobs that nobody has in hand: when a lease ends early is seen by the poll.
SELECT ceil(extract(epoch FROM min(r.run_at) - now()) * 1000)::bigint AS delay_ms
  FROM @job_queues@
  CROSS JOIN LATERAL (SELECT j.run_at
                        FROM jobs j
                       WHERE j.urgency = q.urgency AND j.failed_at IS NULL AND j.lease_until IS NULL AND @job_of_a_wanted_kind@
                       ORDER BY j.run_at, j.id
                       LIMIT 1) AS r
