@invoice_lanes@,
@invoice_renamed_customers@
SELECT count(*)
  FROM (SELECT 1
          FROM spans
         CROSS JOIN LATERAL (
                SELECT 1
                  FROM invoices i
                 WHERE @invoice_in_span@
                   AND (:vendor_id::uuid IS NULL OR i.vendor_id = :vendor_id::uuid)
                   AND @invoice_is_found@
                 LIMIT :limit::bigint) AS i
         LIMIT :limit::bigint) AS counted
