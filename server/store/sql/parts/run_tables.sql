FROM runs
  LEFT JOIN LATERAL (SELECT sum(n.invoiced_count) AS invoiced_count, sum(n.skipped_count) AS skipped_count,
                            sum(n.held_count) AS held_count, sum(n.failed_count) AS failed_count
                       FROM run_chunks n
                      WHERE n.run_id = runs.id) AS k ON true
