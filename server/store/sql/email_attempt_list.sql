SELECT email_id::text, attempt_no, started_at::text, ended_at::text, outcome, reply_code, reply, transcript
  FROM email_attempts
 WHERE email_id = ANY (:email_ids::uuid[])
 ORDER BY email_id, attempt_no
