-- What mail servers took: the jobs end, the emails are sent, and so are their invoices where it was the addressee's. Locks jobs, emails
-- and invoices in this order, as all others do.
WITH wanted AS (
  SELECT w.*
    FROM json_to_recordset(:rows::json)
      AS w (job_id uuid, fence integer, email_id uuid, attempt_no integer, ended_at timestamptz, code integer, reply text, transcript text)
),
held AS (
  SELECT w.*
    FROM wanted w
    JOIN jobs j ON j.id = w.job_id AND j.attempt = w.fence
   ORDER BY j.id
     FOR UPDATE OF j
),
finished AS (
  DELETE FROM jobs j USING held h WHERE j.id = h.job_id
),
locked AS (
  SELECT h.email_id, h.attempt_no, h.ended_at, h.code, h.reply, h.transcript
    FROM held h
    JOIN emails e ON e.id = h.email_id AND e.state = 'SENDING' AND e.attempt_count = h.attempt_no
   ORDER BY e.id
     FOR UPDATE OF e
),
sent AS (
  UPDATE emails e
     SET state = 'SENT', state_reason = '', next_attempt_at = NULL, sent_at = l.ended_at, version = e.version + 1,
         updated_at = :now::timestamptz
    FROM locked l
   WHERE e.id = l.email_id
  RETURNING e.id, e.vendor_id, e.invoice_id, e.recipient, e.recipient_role, l.ended_at
),
attempts AS (
  UPDATE email_attempts a
     SET ended_at = l.ended_at, outcome = 'ACCEPTED', reply_code = l.code, reply = l.reply, transcript = l.transcript
    FROM locked l
   WHERE a.email_id = l.email_id AND a.attempt_no = l.attempt_no
),
documents AS (
  UPDATE invoices i
     SET delivery = 'SENT', sent_at = coalesce(i.sent_at, s.ended_at), version = i.version + 1, updated_at = :now::timestamptz
    FROM sent s
   WHERE s.recipient_role = 'TO' AND i.id = s.invoice_id AND i.delivery <> 'SENT'
)
SELECT id::text, vendor_id::text, recipient
  FROM sent
