-- Five years of invoices, oldest first, copied from a model invoice: most are paid, of the last 45 days most are open, of the older
-- ones 3 % are overdue; some are drafts, cancelled, credited, credit notes. Settings: bench.model, bench.currency,
-- bench.customers, bench.invoices.
INSERT INTO invoices (id, vendor_id, customer_id, kind, original_invoice_id, mode, number, invoice_on, due_on, period_start_on,
                      period_end_on, currency_code, vendor_snapshot, customer_snapshot, customer_name, contractor_name,
                      service_location, purchase_order, buyer_reference, payment_terms_kind, payment_terms_days, notes,
                      duplicate_reason, rounding_version, subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor,
                      created_at, issued_at, cancelled_at, sent_at, paid_minor, credited_minor, delivery, overdue_at, version,
                      updated_at)
SELECT bench_invoice_id(g.n), bench_vendor(g.customer), bench_id('customer', g.customer),
       CASE WHEN g.what = 'NOTE' THEN 'CREDIT_NOTE' ELSE 'INVOICE' END,
       CASE WHEN g.what = 'NOTE' THEN bench_invoice_id(g.n - 1) END, m.mode,
       CASE WHEN g.what <> 'DRAFT' THEN format('INV-%s-%s', extract(year FROM g.day), lpad(g.n::text, 7, '0')) END,
       g.day, g.day + (ARRAY[0, 14, 30, 45])[1 + g.customer % 4], g.day - 30, g.day - 1, current_setting('bench.currency'),
       m.vendor_snapshot, m.customer_snapshot, bench_name(g.customer), m.contractor_name,
       m.service_location, m.purchase_order, m.buyer_reference, m.payment_terms_kind, m.payment_terms_days, m.notes,
       m.duplicate_reason, m.rounding_version, g.sign * m.subtotal_minor, g.sign * m.discount_minor, g.sign * m.taxable_minor,
       g.sign * m.tax_minor, g.sign * m.total_minor, g.day, CASE WHEN g.what <> 'DRAFT' THEN g.day END,
       CASE WHEN g.what = 'CANCELLED' THEN g.day END,
       CASE WHEN g.what IN ('PAID', 'SENT', 'CREDITED', 'PARTLY') THEN g.day END,
       CASE g.what WHEN 'PAID' THEN m.total_minor WHEN 'PARTLY' THEN m.total_minor / 2 ELSE 0 END,
       CASE g.what WHEN 'CREDITED' THEN m.total_minor ELSE 0 END, 'NONE', NULL, 1, g.day
  FROM invoices m
 CROSS JOIN (
   SELECT n, (n::bigint * 7919 % current_setting('bench.customers')::integer)::integer AS customer,
          current_date - ((current_setting('bench.invoices')::bigint - n) * 1826 / current_setting('bench.invoices')::bigint)::integer
            AS day, what, CASE WHEN what = 'NOTE' THEN -1 ELSE 1 END AS sign
     FROM (SELECT n,
                  CASE WHEN is_new AND h < 2 THEN 'DRAFT'
                       WHEN h = 2 THEN 'CANCELLED'
                       WHEN h = 3 THEN 'CREDITED'
                       WHEN h = 4 AND n > 1 THEN 'NOTE'
                       WHEN is_new AND h < 12 THEN 'ISSUED'
                       WHEN is_new AND h < 20 THEN 'PARTLY'
                       WHEN is_new AND h < 90 OR h < 7 THEN 'SENT'
                       ELSE 'PAID' END AS what
             FROM (SELECT n::integer AS n, n * 7001 % 100 AS h,
                          n > current_setting('bench.invoices')::bigint * (1826 - 45) / 1826 AS is_new
                     FROM generate_series(1, current_setting('bench.invoices')::bigint) AS n) AS numbered) AS decided) AS g
 WHERE m.id = current_setting('bench.model')::uuid;
