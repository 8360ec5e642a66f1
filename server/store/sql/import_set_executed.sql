UPDATE imports
   SET executed_at = :now::timestamptz
 WHERE id = :id::uuid
