SELECT currency_code, sum(open_minor)::bigint AS open_minor,
       coalesce(sum(open_minor) FILTER (WHERE days_overdue <= 0), 0)::bigint AS not_due_minor,
       coalesce(sum(open_minor) FILTER (WHERE days_overdue BETWEEN 1 AND 30), 0)::bigint AS overdue_1_30_minor,
       coalesce(sum(open_minor) FILTER (WHERE days_overdue BETWEEN 31 AND 60), 0)::bigint AS overdue_31_60_minor,
       coalesce(sum(open_minor) FILTER (WHERE days_overdue BETWEEN 61 AND 90), 0)::bigint AS overdue_61_90_minor,
       coalesce(sum(open_minor) FILTER (WHERE days_overdue > 90), 0)::bigint AS overdue_over_90_minor,
       sum(unapplied_minor)::bigint AS unapplied_minor
  FROM (SELECT currency_code, total_minor - paid_minor - credited_minor AS open_minor, days_overdue, 0 AS unapplied_minor
          FROM (@open_items@) AS items
         WHERE total_minor > paid_minor + credited_minor
        UNION ALL
        SELECT p.currency_code, 0, NULL,
               p.amount_minor - coalesce((SELECT sum(a.amount_minor)
                                            FROM payment_allocations a JOIN invoices i ON i.id = a.invoice_id
                                           WHERE a.payment_id = p.id AND i.invoice_on <= :as_of::date
                                             AND NOT @allocation_came_later@), 0)
          FROM payments p
         WHERE p.customer_id = :customer_id::uuid AND p.paid_on <= :as_of::date
           AND (p.reversed_at IS NULL
                OR (p.reversed_at AT TIME ZONE (SELECT time_zone FROM schedules s WHERE s.customer_id = p.customer_id))::date
                   > :as_of::date)) AS parts
 GROUP BY currency_code
HAVING sum(open_minor) <> 0 OR sum(unapplied_minor) <> 0
 ORDER BY currency_code
