SELECT content_type, bytes
  FROM blobs
 WHERE sha256 = $1
