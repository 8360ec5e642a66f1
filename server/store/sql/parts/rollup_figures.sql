(SELECT figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor FROM rollups
         UNION ALL
        SELECT figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor FROM rollup_deltas) AS f
