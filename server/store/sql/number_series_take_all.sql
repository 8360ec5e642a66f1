-- For each series as many numbers as are asked for; the answer is the last of each.
INSERT INTO number_series AS s (vendor_id, series_key, last_sequence)
SELECT q.vendor_id, q.series_key, q.count
  FROM jsonb_to_recordset(:series::jsonb) AS q (vendor_id uuid, series_key text, count bigint)
 ORDER BY q.vendor_id, q.series_key
ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last_sequence = s.last_sequence + excluded.last_sequence
RETURNING s.vendor_id::text, s.series_key, s.last_sequence
