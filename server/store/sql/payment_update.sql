UPDATE payments
   SET method = :method, reference = :reference, notes = :notes, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
