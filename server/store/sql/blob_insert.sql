INSERT INTO blobs (sha256, content_type, bytes, created_at)
VALUES (:sha256, :content_type, decode(:bytes, 'hex'), :now::timestamptz)
ON CONFLICT ON CONSTRAINT blobs_pkey DO NOTHING
