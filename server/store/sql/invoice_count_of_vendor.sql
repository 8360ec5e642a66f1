@invoice_lanes@
SELECT count(*)
  FROM (SELECT 1
          FROM spans
         CROSS JOIN LATERAL (
                SELECT 1
                  FROM invoices i
                 WHERE i.vendor_id = :vendor_id::uuid AND @invoice_in_span@
                 LIMIT :limit::bigint) AS i
         LIMIT :limit::bigint) AS counted
