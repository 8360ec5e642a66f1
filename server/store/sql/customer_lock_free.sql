-- Those that no other transaction holds, in the order of their ids. The others are left out, not waited for.
SELECT id::text
  FROM customers
 WHERE id = ANY (:ids::uuid[])
 ORDER BY id
   FOR NO KEY UPDATE SKIP LOCKED
