-- Series that were never used, of vendors that took numbers over from elsewhere.
SELECT q.vendor_id::text, q.series_key
  FROM jsonb_to_recordset(:series::jsonb) AS q (vendor_id uuid, series_key text, count bigint)
 WHERE NOT EXISTS (SELECT FROM number_series s WHERE s.vendor_id = q.vendor_id AND s.series_key = q.series_key)
   AND EXISTS (SELECT FROM invoices i WHERE i.vendor_id = q.vendor_id AND i.mode = 'IMPORTED')
 ORDER BY q.vendor_id, q.series_key
