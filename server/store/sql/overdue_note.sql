-- Notes what fell overdue where its customer is, the longest overdue first. What another process is at is left to it.
WITH fallen AS (
  SELECT i.id
    FROM invoices i
   WHERE @invoice_not_yet_overdue@
     AND i.open_due_on < :latest_today::date
     AND i.open_due_on < (SELECT (:now::timestamptz AT TIME ZONE s.time_zone)::date
                            FROM schedules s WHERE s.customer_id = i.customer_id)
   ORDER BY i.open_due_on, i.id
   LIMIT :limit::bigint
     FOR UPDATE OF i SKIP LOCKED)
UPDATE invoices i
   SET overdue_at = :now::timestamptz, version = version + 1, updated_at = :now::timestamptz
  FROM fallen
 WHERE i.id = fallen.id
RETURNING i.id::text, i.vendor_id::text, i.number, i.due_on::text, i.currency_code,
          i.total_minor - i.paid_minor - i.credited_minor AS open_minor
