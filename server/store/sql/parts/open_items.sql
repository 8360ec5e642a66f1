SELECT i.id, i.number, i.invoice_on, i.due_on, i.currency_code, i.total_minor, i.paid_minor - coalesce(later_paid.minor, 0) AS paid_minor,
               i.credited_minor - coalesce(later_credited.minor, 0) AS credited_minor, :as_of::date - i.due_on AS days_overdue
          FROM invoices i
          LEFT JOIN LATERAL (SELECT sum(a.amount_minor)::bigint AS minor
                               FROM payment_allocations a JOIN payments p ON p.id = a.payment_id
                              WHERE a.invoice_id = i.id AND @allocation_came_later@) AS later_paid ON true
          LEFT JOIN LATERAL (SELECT -sum(n.total_minor)::bigint AS minor
                               FROM invoices n
                              WHERE n.vendor_id = i.vendor_id AND n.original_invoice_id = i.id
                                AND n.invoice_on > :as_of::date) AS later_credited ON true
         WHERE i.customer_id = :customer_id::uuid AND i.kind = 'INVOICE' AND i.issued_at IS NOT NULL AND i.cancelled_at IS NULL
           AND i.invoice_on <= :as_of::date
