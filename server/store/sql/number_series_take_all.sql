-- For each series as many numbers as are asked for; the answer is the last of each. The document with the last number is the newest of
-- those that get them: it becomes that of the series where no other is dated after it.
INSERT INTO number_series AS s (vendor_id, series_key, last_sequence, newest_on, newest_sequence)
SELECT q.vendor_id, q.series_key, q.count, q.newest_on, q.count
  FROM jsonb_to_recordset(:series::jsonb) AS q (vendor_id uuid, series_key text, count bigint, newest_on date)
 ORDER BY q.vendor_id, q.series_key
ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE
   SET last_sequence = s.last_sequence + excluded.last_sequence, newest_on = greatest(s.newest_on, excluded.newest_on),
       newest_sequence = CASE WHEN s.newest_on > excluded.newest_on THEN s.newest_sequence
                              ELSE s.last_sequence + excluded.last_sequence END
RETURNING s.vendor_id::text, s.series_key, s.last_sequence, s.newest_on::text
