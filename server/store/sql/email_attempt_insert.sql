INSERT INTO email_attempts (email_id, vendor_id, attempt_no, started_at, outcome, reply, transcript)
VALUES (:email_id::uuid, :vendor_id::uuid, :attempt_no::integer, :started_at::timestamptz, :outcome, '', :transcript)
