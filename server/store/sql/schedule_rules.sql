-- What decides who is due, of all customers in scope.
SELECT c.id::text, c.active::text, s.enabled::text, k.frequency, s.billing_weekday, s.anchor_on::text, s.billing_day, s.next_run_on::text,
       s.transition_due_on::text
  FROM customers c
  JOIN contracts k ON k.customer_id = c.id
  JOIN schedules s ON s.customer_id = c.id
 WHERE (:vendor_id::uuid IS NULL OR c.vendor_id = :vendor_id::uuid)
   AND (:ids::uuid[] IS NULL OR c.id = ANY (:ids::uuid[]))
   AND c.id > :after::uuid
 ORDER BY c.id
 LIMIT :limit::bigint
