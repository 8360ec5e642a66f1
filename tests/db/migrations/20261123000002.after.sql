-- An issued invoice with a line, a tax and its claim, for the customer that was there.
BEGIN;
INSERT INTO runs VALUES ('01900000-0000-7000-8000-000000000021', '01900000-0000-7000-8000-000000000001', 'QUICK', 'SUCCEEDED', '2026-11-01',
                         false, 'test', 1, 1, 0, 0, 0, now(), now(), 1);
INSERT INTO period_claims VALUES ('01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000001',
                                  '01900000-0000-7000-8000-000000000011', '[2026-10-01,2026-10-31]');
INSERT INTO invoices (id, vendor_id, customer_id, run_id, kind, mode, number, series_key, sequence, invoice_on, due_on, period_start_on,
                      period_end_on, currency_code, vendor_snapshot, customer_snapshot, customer_name, contractor_name, service_location,
                      purchase_order, buyer_reference, payment_terms_kind, payment_terms_days, notes, duplicate_reason, rounding_version,
                      subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor, created_at, issued_at, version, updated_at)
VALUES ('01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000011',
        '01900000-0000-7000-8000-000000000021', 'INVOICE', 'QUICK', 'INV-0001', 'INV-{SEQ}', 1, '2026-11-01', '2026-12-01', '2026-10-01',
        '2026-10-31', 'CAD', '{}', '{}', 'Customer', '', '', '', '', 'NET', 30, '', '', 1, 71625, 0, 71625, 9311, 80936, now(), now(), 1,
        now());
INSERT INTO invoice_lines VALUES ('01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000001', 1, 'Work', 7.5, 'HOUR', 95.5,
                                  0, 71625, '[]');
INSERT INTO invoice_taxes VALUES ('01900000-0000-7000-8000-000000000031', '01900000-0000-7000-8000-000000000001', 1, 'HST', 0.13, '', 'STANDARD',
                                  '', 71625, 9311);
COMMIT;
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM timesheets) = 1, 'rows of the parties are still there';
  ASSERT (SELECT upper(days) - lower(days) FROM period_claims) = 31, 'a claim holds all days of the month';
END $$;
