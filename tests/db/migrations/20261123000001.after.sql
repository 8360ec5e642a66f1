-- A vendor with a customer, its contract and schedule, and a timesheet.
INSERT INTO vendors VALUES ('01900000-0000-7000-8000-000000000001', 'Vendor', 'v@example.com', '', '', '', 'CAD', 'en-CA', 'LETTER',
                            '#1f4e79', NULL, '{}', '{}', '{PREFIX}-{SEQ:4}', '{PREFIX}-CN-{SEQ:4}', NULL, true, 1, now(), now());
INSERT INTO customers VALUES ('01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000001', 'Customer', 'c@example.com',
                              '[]', '', '', '', '', '{}', true, 1, now(), now());
INSERT INTO contracts VALUES ('01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000001', 'INV', '', 'MONTHLY', 160,
                              95.5, 'CAD', '[]', 'NET', 30, 0, '', NULL, NULL, '', '', false, '', 1, now());
INSERT INTO schedules VALUES ('01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000001', true, false, true,
                              'America/Toronto', 0, '2026-01-05', 1, 'CATCH_UP', 3, NULL, '2026-12-01', 1, now());
INSERT INTO timesheets VALUES ('01900000-0000-7000-8000-000000000011', '01900000-0000-7000-8000-000000000001', '2026-10-01', '2026-10-31',
                               152.25, 'CAD', '[]', '', 1, now());
DO $$ BEGIN
  ASSERT (SELECT rate_per_hour FROM contracts) = 95.5, 'the rate is kept to four decimals';
  ASSERT (SELECT count(*) FROM customers WHERE lower(name || ' ' || email) LIKE '%example%') = 1, 'customers are found by part of an address';
END $$;
