SELECT id::text, hash, mode, run_on::text, send_email::text, vendor_id::text, array_to_json(customer_ids)::text AS customer_ids,
       totals::text AS totals, invoiced_count, skipped_count, held_count, failed_count, email_count, created_at::text,
       expires_at::text
  FROM run_plans
 WHERE hash = :hash AND expires_at > :now::timestamptz
 ORDER BY created_at DESC
 LIMIT 1
