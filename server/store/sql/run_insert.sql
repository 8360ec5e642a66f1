INSERT INTO runs (id, vendor_id, mode, state, run_on, send_email, requested_by, total_count, invoiced_count, skipped_count,
                  held_count, failed_count, totals, customer_ids, plan_id, plan_hash, created_at, finished_at, version)
VALUES (:id::uuid, :vendor_id::uuid, :mode, :state, :run_on::date, :send_email::boolean, :requested_by,
        :total_count::integer, :invoiced_count::integer, :skipped_count::integer, :held_count::integer,
        :failed_count::integer, :totals::jsonb, :customer_ids::uuid[], :plan_id::uuid, :plan_hash, :now::timestamptz,
        :finished_at::timestamptz, 1)
