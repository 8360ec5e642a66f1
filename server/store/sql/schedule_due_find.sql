-- A deactivated customer has no next run.
SELECT customer_id::text
  FROM schedules
 WHERE enabled AND time_zone = :time_zone AND next_run_on <= :today::date
 ORDER BY next_run_on, customer_id
 LIMIT :limit::bigint
