-- Locks the counters in one order, whoever counts. A new day begins at nothing.
INSERT INTO email_recipient_counts AS c (vendor_id, recipient, counted_on, email_count)
SELECT q.vendor_id, q.recipient, :today::date, q.email_count
  FROM jsonb_to_recordset(:demands::jsonb) AS q (vendor_id uuid, recipient text, email_count integer)
 ORDER BY q.vendor_id, q.recipient
ON CONFLICT ON CONSTRAINT email_recipient_counts_pkey DO UPDATE
   SET email_count = excluded.email_count + CASE WHEN c.counted_on = excluded.counted_on THEN c.email_count ELSE 0 END,
       counted_on = excluded.counted_on
RETURNING c.vendor_id::text, c.recipient, c.email_count
