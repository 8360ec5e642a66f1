INSERT INTO run_results (run_id, customer_id, vendor_id, outcome, reason, detail, invoice_id, period_start_on, period_end_on,
                         created_at)
VALUES (:run_id::uuid, :customer_id::uuid, :vendor_id::uuid, :outcome, :reason, :detail::jsonb, :invoice_id::uuid,
        :period_start_on::date, :period_end_on::date, :now::timestamptz)
