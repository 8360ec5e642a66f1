-- From one time zone to the next by the index (time_zone, next_run_on): as many steps as there are zones, not schedules. The scheduler asks
-- at every change of a schedule.
WITH RECURSIVE zones AS (
  SELECT (SELECT min(s.time_zone) FROM schedules s WHERE s.enabled AND s.next_run_on IS NOT NULL) AS time_zone
   UNION ALL
  SELECT (SELECT min(s.time_zone) FROM schedules s WHERE s.enabled AND s.next_run_on IS NOT NULL AND s.time_zone > z.time_zone)
    FROM zones z
   WHERE z.time_zone IS NOT NULL)
SELECT z.time_zone, (SELECT min(s.next_run_on) FROM schedules s WHERE s.enabled AND s.time_zone = z.time_zone)::text AS next_run_on
  FROM zones z
 WHERE z.time_zone IS NOT NULL
