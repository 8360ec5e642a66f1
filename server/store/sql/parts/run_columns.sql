id::text, vendor_id::text, mode, state, run_on::text, send_email::text, requested_by, total_count, invoiced_count, skipped_count,
       held_count, failed_count, created_at::text, finished_at::text, version
