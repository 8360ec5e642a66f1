SELECT attempt_no, started_at::text, ended_at::text, outcome, reply_code, reply, transcript
  FROM email_attempts
 WHERE email_id = :email_id::uuid
 ORDER BY attempt_no
