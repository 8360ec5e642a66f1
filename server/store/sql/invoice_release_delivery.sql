-- Locked in the order of their ids, as those who lock many do. Only what showed that it was held shows now that it is queued.
WITH held AS (
  SELECT id
    FROM invoices
   WHERE id = ANY (:ids::uuid[]) AND delivery = 'HELD'
   ORDER BY id
     FOR UPDATE
)
UPDATE invoices i
   SET delivery = 'QUEUED', version = i.version + 1, updated_at = :now::timestamptz
  FROM held
 WHERE i.id = held.id
