-- The series of the invoice that is there, and one that no document uses.
INSERT INTO number_series VALUES ('01900000-0000-7000-8000-000000000001', 'INV-{SEQ}', 1), ('01900000-0000-7000-8000-000000000001', 'X-{SEQ}', 4);
