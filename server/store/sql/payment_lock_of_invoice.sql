SELECT p.id::text, p.paid_on::text, (SELECT sum(a.amount_minor)::bigint FROM payment_allocations a
                                      WHERE a.payment_id = p.id AND a.invoice_id = :invoice_id::uuid) AS paid_minor
  FROM payments p
 WHERE p.reversed_at IS NULL
   AND p.id IN (SELECT a.payment_id FROM payment_allocations a WHERE a.invoice_id = :invoice_id::uuid)
 ORDER BY p.id
   FOR UPDATE OF p
