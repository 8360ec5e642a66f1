SELECT id::text, vendor_id::text, mode, state, run_on::text, send_email::text, requested_by, total_count, invoiced_count, skipped_count,
       held_count, failed_count, created_at::text, finished_at::text, version, id::text AS cursor_1, id::text AS cursor_2
  FROM runs
 WHERE (:vendor_id::uuid IS NULL OR vendor_id = :vendor_id::uuid)
   AND (:mode::text IS NULL OR mode = :mode::text)
   AND (:state::text IS NULL OR state = :state::text)
   AND (:after_1::uuid IS NULL OR id < :after_1::uuid)
 ORDER BY id DESC
 LIMIT :limit::bigint
