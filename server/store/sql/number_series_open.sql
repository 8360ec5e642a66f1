INSERT INTO number_series (vendor_id, series_key, last_sequence)
VALUES (:vendor_id::uuid, :series_key, :last_sequence::bigint)
ON CONFLICT ON CONSTRAINT number_series_pkey DO NOTHING
