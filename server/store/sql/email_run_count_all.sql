-- Locks the counters in one order, whoever counts.
INSERT INTO email_run_counts AS c (run_id, configuration, email_count)
SELECT q.run_id, q.configuration, q.email_count
  FROM jsonb_to_recordset(:demands::jsonb) AS q (run_id uuid, configuration text, email_count integer)
 ORDER BY q.run_id, q.configuration
ON CONFLICT ON CONSTRAINT email_run_counts_pkey DO UPDATE
   SET email_count = c.email_count + excluded.email_count
RETURNING c.run_id::text, c.configuration, c.email_count
