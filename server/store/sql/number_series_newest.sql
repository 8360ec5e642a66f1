-- The newest document of each series that was used.
SELECT s.vendor_id::text, s.series_key, s.newest_on::text, i.number
  FROM jsonb_to_recordset(:series::jsonb) AS q (vendor_id uuid, series_key text)
 CROSS JOIN LATERAL (SELECT n.vendor_id, n.series_key, n.newest_on, n.newest_sequence
                       FROM number_series n
                      WHERE n.vendor_id = q.vendor_id AND n.series_key = q.series_key AND n.newest_on IS NOT NULL) AS s
 CROSS JOIN LATERAL (SELECT d.number
                       FROM invoices d
                      WHERE d.vendor_id = s.vendor_id AND d.series_key = s.series_key AND d.sequence = s.newest_sequence) AS i
