-- An email that was deferred keeps its own time.
UPDATE jobs j
   SET run_at = now()
  FROM emails e
 WHERE e.state = 'QUEUED' AND e.next_attempt_at IS NULL AND (:vendor_id::uuid IS NULL OR e.vendor_id = :vendor_id::uuid)
   AND j.kind = 'SEND_EMAIL' AND j.subject_id = e.id AND j.lease_until IS NULL AND j.failed_at IS NULL AND j.run_at > now()
