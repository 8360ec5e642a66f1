INSERT INTO run_plans (id, hash, mode, run_on, send_email, vendor_id, customer_ids, totals, invoiced_count, skipped_count, held_count,
                       failed_count, email_count, created_at, expires_at)
VALUES (:id::uuid, :hash, :mode, :run_on::date, :send_email::boolean, :vendor_id::uuid, :customer_ids::uuid[], :totals::jsonb,
        :invoiced_count::integer, :skipped_count::integer, :held_count::integer, :failed_count::integer, :email_count::integer,
        :now::timestamptz, :expires_at::timestamptz)
