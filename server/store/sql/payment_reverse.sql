UPDATE payments
   SET reversed_at = :now::timestamptz, reverse_reason = :reason, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
