-- How many bytes of long texts the documents of customers may print: notes of the contract, notes and expenses of timesheets that end in the
-- year before a day.
SELECT k.customer_id::text,
       octet_length(k.notes)
         + coalesce((SELECT sum(octet_length(t.expenses::text) + octet_length(t.notes))
                       FROM timesheets t
                      WHERE t.customer_id = k.customer_id AND t.period_end_on BETWEEN :day::date - 370 AND :day::date + 31), 0)::bigint AS bytes
  FROM contracts k
 WHERE k.customer_id = ANY (:ids::uuid[])
