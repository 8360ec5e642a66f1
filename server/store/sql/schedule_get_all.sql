SELECT c.id::text, c.active::text, k.frequency, k.start_on::text, k.end_on::text,
       @schedule_columns@
  @customer_tables@
 WHERE c.id = ANY (:ids::uuid[])
 ORDER BY c.id
