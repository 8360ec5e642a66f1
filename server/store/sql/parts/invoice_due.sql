(:overdue::boolean IS NULL OR :overdue::boolean =
                CASE WHEN i.term_days < 0 OR i.invoice_on + i.term_days >= :latest_today::date THEN false
                     WHEN i.invoice_on + i.term_days < :earliest_today::date THEN true
                     ELSE i.invoice_on + i.term_days < (SELECT (:now::timestamptz AT TIME ZONE s.time_zone)::date
                                                          FROM schedules s WHERE s.customer_id = i.customer_id) END)
