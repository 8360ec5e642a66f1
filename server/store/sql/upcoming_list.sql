SELECT @customer_columns@,
       s.next_run_on::text AS cursor_1, c.id::text AS cursor_2
  FROM (SELECT s.customer_id
          FROM schedules s
          JOIN customers c ON c.id = s.customer_id
         WHERE s.enabled AND s.next_run_on IS NOT NULL AND c.active
           AND (s.next_run_on, s.customer_id) > (:after_1::date, :after_2::uuid)
         ORDER BY s.next_run_on, s.customer_id
         LIMIT :limit::bigint) AS page
  JOIN customers c ON c.id = page.customer_id
  JOIN contracts k ON k.customer_id = c.id
  JOIN schedules s ON s.customer_id = c.id
 ORDER BY s.next_run_on, c.id
