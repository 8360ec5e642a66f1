-- At most a megabyte each: many are read together.
SELECT sha256, content_type, bytes
  FROM blobs
 WHERE sha256 = ANY ($1::text[]) AND octet_length(bytes) <= 1048576
