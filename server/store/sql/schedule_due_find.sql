-- Schedules that may be due: their time zones decide whether their day has come. Oldest first.
SELECT s.customer_id::text, s.time_zone, s.next_run_on::text
  FROM schedules s
  JOIN customers c ON c.id = s.customer_id AND c.active
 WHERE s.enabled AND s.next_run_on <= :latest::date
 ORDER BY s.next_run_on, s.customer_id
 LIMIT :limit::bigint
