DELETE FROM jobs
 WHERE kind = 'SEND_EMAIL' AND subject_id = :email_id::uuid
