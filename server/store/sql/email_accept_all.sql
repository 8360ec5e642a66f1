-- What mail servers took: the jobs end, the emails are sent, and so are their invoices where it was the addressee's. Locks jobs, emails
-- and invoices in this order, as all others do. LATERAL: each row is found by its key, however many there are.
WITH wanted AS (
  SELECT w.*
    FROM json_to_recordset(:rows::json)
      AS w (job_id uuid, fence integer, email_id uuid, attempt_no integer, ended_at timestamptz, code integer, reply text, transcript text,
            event_id uuid)
   ORDER BY w.job_id
),
held AS MATERIALIZED (
  SELECT w.*
    FROM wanted w
   CROSS JOIN LATERAL (SELECT j.attempt FROM jobs j WHERE j.id = w.job_id FOR UPDATE) AS job
   WHERE job.attempt = w.fence
),
finished AS (
  DELETE FROM jobs j USING held h WHERE j.id = h.job_id
),
locked AS MATERIALIZED (
  SELECT h.*
    FROM (SELECT * FROM held ORDER BY email_id) AS h
   CROSS JOIN LATERAL (SELECT e.state, e.attempt_count FROM emails e WHERE e.id = h.email_id FOR UPDATE) AS email
   WHERE email.state = 'SENDING' AND email.attempt_count = h.attempt_no
),
sent AS (
  UPDATE emails e
     SET state = 'SENT', state_reason = '', next_attempt_at = NULL, sent_at = l.ended_at, version = e.version + 1,
         updated_at = :now::timestamptz
    FROM locked l
   WHERE e.id = l.email_id
  RETURNING e.id, e.vendor_id, e.invoice_id, e.recipient, e.recipient_role, e.attempt_count, l.ended_at, l.event_id
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
    FROM (SELECT invoice_id, ended_at FROM sent WHERE recipient_role = 'TO' ORDER BY invoice_id) AS s
   WHERE i.id = s.invoice_id AND i.delivery <> 'SENT'
),
noted AS (
  INSERT INTO audit_events (id, vendor_id, at, actor_id, actor_name, action, resource, resource_id, request_id, remote, after)
  SELECT event_id, vendor_id, :now::timestamptz, :actor_id, :actor_name, 'sent', 'email', id, '', '', jsonb_build_array(recipient, '')
    FROM sent
)
SELECT id::text AS email_id, attempt_count AS attempt_no
  FROM sent
