SELECT count(*)
  FROM (SELECT 1 FROM vendors
         WHERE @vendor_filter@
         LIMIT :limit::bigint) AS counted
