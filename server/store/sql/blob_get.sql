SELECT content_type, encode(bytes, 'hex') AS bytes
  FROM blobs
 WHERE sha256 = :sha256
