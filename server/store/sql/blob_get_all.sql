SELECT sha256, content_type, encode(bytes, 'hex') AS bytes
  FROM blobs
 WHERE sha256 = ANY (:sha256s::text[])
