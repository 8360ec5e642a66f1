-- Moves a batch of deltas into the rollups, in one statement: a reader sees each of them once. What is overdue for long, whatever the
-- time zone, comes together in one row of its vendor and currency, so that open sums have few.
WITH taken AS (
  DELETE FROM rollup_deltas
   WHERE id IN (SELECT id FROM rollup_deltas ORDER BY id LIMIT :limit::bigint FOR UPDATE SKIP LOCKED)
  RETURNING figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor),
aged AS (
  DELETE FROM rollups
   WHERE figure = 'OPEN' AND on_day < :long_ago::date AND on_day > DATE '1970-01-01'
  RETURNING figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor),
folded AS (
  INSERT INTO rollups AS r (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  SELECT m.figure, m.vendor_id, m.currency_code, CASE WHEN long_overdue THEN DATE '1970-01-01' ELSE m.on_day END,
         CASE WHEN long_overdue THEN 'UTC' ELSE m.time_zone END, sum(m.document_count), sum(m.amount_minor), sum(m.net_minor)
    FROM (SELECT *, figure = 'OPEN' AND on_day < :long_ago::date AS long_overdue FROM taken
           UNION ALL
          SELECT *, true FROM aged) AS m
   GROUP BY 1, 2, 3, 4, 5
   ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT ON CONSTRAINT rollups_pkey DO UPDATE
     SET document_count = r.document_count + excluded.document_count, amount_minor = r.amount_minor + excluded.amount_minor,
         net_minor = r.net_minor + excluded.net_minor
  RETURNING 1)
SELECT count(*) FROM taken
