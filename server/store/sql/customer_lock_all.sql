-- In the order of their ids, so that two batches over the same customers wait for each other and never in a circle.
SELECT id::text
  FROM customers
 WHERE id = ANY (:ids::uuid[])
 ORDER BY id
   FOR NO KEY UPDATE
