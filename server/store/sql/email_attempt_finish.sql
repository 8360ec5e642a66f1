UPDATE email_attempts
   SET ended_at = :ended_at::timestamptz, outcome = :outcome, reply_code = :reply_code::integer, reply = :reply,
       transcript = :transcript
 WHERE email_id = :email_id::uuid AND attempt_no = :attempt_no::integer
