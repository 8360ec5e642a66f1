-- Four vendors of one currency and their customers, copied from those of a model invoice. Settings: bench.model (id of the invoice),
-- bench.currency, bench.customers. The first vendor has seven customers of ten.
INSERT INTO vendors
SELECT v.*
  FROM invoices m
  JOIN vendors model ON model.id = m.vendor_id
 CROSS JOIN generate_series(0, 3) AS n
 CROSS JOIN LATERAL jsonb_populate_record(model, jsonb_build_object(
         'id', bench_id('vendor', n), 'name', format('Vendor %s of %s', n, current_setting('bench.currency')),
         'currency_code', current_setting('bench.currency'))) AS v
 WHERE m.id = current_setting('bench.model')::uuid;

INSERT INTO customers
SELECT c.*
  FROM invoices m
  JOIN customers model ON model.id = m.customer_id
 CROSS JOIN generate_series(0, current_setting('bench.customers')::integer - 1) AS n
 CROSS JOIN LATERAL jsonb_populate_record(model, jsonb_build_object(
         'id', bench_id('customer', n), 'vendor_id', bench_vendor(n), 'name', bench_name(n))) AS c
 WHERE m.id = current_setting('bench.model')::uuid;

INSERT INTO contracts
SELECT c.*
  FROM invoices m
  JOIN contracts model ON model.customer_id = m.customer_id
 CROSS JOIN generate_series(0, current_setting('bench.customers')::integer - 1) AS n
 CROSS JOIN LATERAL jsonb_populate_record(model, jsonb_build_object(
         'customer_id', bench_id('customer', n), 'vendor_id', bench_vendor(n), 'default_hours', 40,
         'currency_code', current_setting('bench.currency'))) AS c
 WHERE m.id = current_setting('bench.model')::uuid;

INSERT INTO schedules
SELECT s.*
  FROM invoices m
  JOIN schedules model ON model.customer_id = m.customer_id
 CROSS JOIN generate_series(0, current_setting('bench.customers')::integer - 1) AS n
 CROSS JOIN LATERAL jsonb_populate_record(model, jsonb_build_object(
         'customer_id', bench_id('customer', n), 'vendor_id', bench_vendor(n), 'enabled', n % 10 < 9,
         'time_zone', (ARRAY['UTC', 'America/Toronto', 'Asia/Tokyo'])[1 + n % 3], 'next_run_on', current_date + n % 30)) AS s
 WHERE m.id = current_setting('bench.model')::uuid;
