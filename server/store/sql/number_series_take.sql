INSERT INTO number_series AS s (vendor_id, series_key, last_sequence)
VALUES (:vendor_id::uuid, :series_key, :count::bigint)
ON CONFLICT ON CONSTRAINT number_series_pkey DO UPDATE SET last_sequence = s.last_sequence + excluded.last_sequence
RETURNING last_sequence
