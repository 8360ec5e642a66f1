-- A reversed payment counts in its month, and its reversal in the month in which it was done.
CREATE TEMPORARY VIEW paid AS
  SELECT on_day, sum(document_count) AS count, sum(amount_minor) AS minor
    FROM (SELECT figure, on_day, document_count, amount_minor FROM rollups
          UNION ALL SELECT figure, on_day, document_count, amount_minor FROM rollup_deltas) AS f
   WHERE figure = 'PAID'
   GROUP BY on_day;
CREATE TEMPORARY TABLE paid_before AS
  SELECT date_trunc('month', paid_on::timestamp)::date AS on_day, count(*) AS count, sum(amount_minor) AS minor FROM payments GROUP BY 1;
DO $$ BEGIN
  ASSERT EXISTS (SELECT FROM payments WHERE reversed_at IS NOT NULL), 'there is a reversed payment to look at';
  ASSERT (SELECT minor FROM paid WHERE on_day = '2026-09-01') = (SELECT minor FROM paid_before WHERE on_day = '2026-09-01'),
         'the month of the payment has it';
  ASSERT (SELECT sum(minor) FROM paid) = (SELECT coalesce(sum(amount_minor), 0) FROM payments WHERE reversed_at IS NULL), 'all in all it is gone';
  INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, reference, notes, created_at, version,
                        updated_at)
  SELECT '01900000-0000-7000-8000-0000000e0002', vendor_id, id, '2026-07-30', 50, 'CAD', 'CARD', '', '', now(), 1, now()
    FROM customers ORDER BY id LIMIT 1;
  UPDATE payments SET reversed_at = '2026-08-15T12:00Z' WHERE id = '01900000-0000-7000-8000-0000000e0002';
  ASSERT (SELECT minor FROM paid WHERE on_day = '2026-07-01') = 50, 'the month of the payment keeps it';
  ASSERT (SELECT minor FROM paid WHERE on_day = '2026-08-01') = -50, 'the month of the reversal is without it';
END $$;
DROP VIEW paid;
DROP TABLE paid_before;
