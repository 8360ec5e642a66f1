-- A payment of September that was reversed in November.
INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, reference, notes, created_at, version,
                      updated_at)
SELECT '01900000-0000-7000-8000-0000000e0001', vendor_id, id, '2026-09-30', 700, 'CAD', 'CARD', '', '', '2026-09-30T12:00Z', 1, now()
  FROM customers ORDER BY id LIMIT 1;
UPDATE payments SET reversed_at = '2026-11-15T12:00Z' WHERE id = '01900000-0000-7000-8000-0000000e0001';
