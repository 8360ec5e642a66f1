-- What decides who is due, of all customers in scope. The page is taken before the joins: joined first, each page would walk through all
-- contracts and schedules before its own.
SELECT c.id::text, c.active::text, s.enabled::text, k.frequency, s.billing_weekday, s.anchor_on::text, s.billing_day, s.next_run_on::text,
       s.transition_due_on::text
  FROM (SELECT p.id, p.active
          FROM customers p
         WHERE (:vendor_id::uuid IS NULL OR p.vendor_id = :vendor_id::uuid)
           AND (:ids::uuid[] IS NULL OR p.id = ANY (:ids::uuid[]))
           AND p.id > :after::uuid
         ORDER BY p.id
         LIMIT :limit::bigint) AS c
  JOIN contracts k ON k.customer_id = c.id
  JOIN schedules s ON s.customer_id = c.id
 ORDER BY c.id
