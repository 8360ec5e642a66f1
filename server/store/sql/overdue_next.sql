-- The instant at which the next open invoice falls overdue: midnight after its due date where its customer is. Of places that have
-- the same date at different instants, those within a day of the earliest due date are looked at.
SELECT min((i.open_due_on + 1)::timestamp AT TIME ZONE s.time_zone)::text AS at
  FROM invoices i
  JOIN schedules s ON s.customer_id = i.customer_id
 WHERE @invoice_not_yet_overdue@
   AND i.open_due_on <= (SELECT min(i.open_due_on) + 1 FROM invoices i WHERE @invoice_not_yet_overdue@)
