-- Ids, vendors and words of the generated books, the same in every statement. Settings: bench.currency.
CREATE OR REPLACE FUNCTION bench_id(kind text, n integer) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT md5(kind || n || current_setting('bench.currency'))::uuid
$$;
-- Ids of invoices grow with time, as those of the server do.
CREATE OR REPLACE FUNCTION bench_invoice_id(n integer) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT (lpad(to_hex(1700000000000 + n), 12, '0') || '7' || substr(md5(n || current_setting('bench.currency')), 1, 19))::uuid
$$;
CREATE OR REPLACE FUNCTION bench_vendor(customer integer) RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT bench_id('vendor', CASE WHEN customer % 10 < 7 THEN 0 ELSE customer % 10 - 6 END)
$$;
-- Names that share words, as real ones do, and have one of their own.
CREATE OR REPLACE FUNCTION bench_name(n integer) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT initcap(translate(substr(md5('name' || n), 1, 9), '0123456789', 'aeioutnrsl')) || ' ' ||
         (ARRAY['Logistics', 'Foods', 'Bakery', 'Shipping', 'Mining', 'Robotics', 'Textiles'])[1 + n % 7]
$$;
