-- The last number of each series that was used.
SELECT s.vendor_id::text, s.series_key, s.last_sequence
  FROM jsonb_to_recordset(:series::jsonb) AS q (vendor_id uuid, series_key text, count bigint)
  JOIN number_series s ON s.vendor_id = q.vendor_id AND s.series_key = q.series_key
