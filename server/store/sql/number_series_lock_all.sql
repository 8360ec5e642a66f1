-- Holds series in the order in which number_series_take_all does.
SELECT s.series_key
  FROM (SELECT * FROM jsonb_to_recordset(:series::jsonb) AS r (vendor_id uuid, series_key text) ORDER BY r.vendor_id, r.series_key) AS q
 CROSS JOIN LATERAL (SELECT n.series_key
                       FROM number_series n
                      WHERE n.vendor_id = q.vendor_id AND n.series_key = q.series_key
                        FOR UPDATE) AS s
