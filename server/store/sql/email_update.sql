UPDATE emails
   SET state = :state, state_reason = :state_reason, attempt_count = :attempt_count::integer,
       repeat_count = :repeat_count::integer, first_attempt_at = :first_attempt_at::timestamptz,
       next_attempt_at = :next_attempt_at::timestamptz, sent_at = :sent_at::timestamptz, version = version + 1,
       updated_at = :now::timestamptz
 WHERE id = :id::uuid
