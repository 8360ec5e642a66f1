SELECT s.series_key, s.last_sequence
  FROM number_series s
 WHERE s.vendor_id = :vendor_id::uuid
