-- A checked file with its rows: it cannot be executed while a row is faulty, and goes away whole.
INSERT INTO imports (id, vendor_id, kind, row_count, faulty_count, created_at, expires_at)
SELECT '01900000-0000-7000-8000-0000000000a1', id, 'CUSTOMERS', 2, 1, now(), now() FROM vendors LIMIT 1;
INSERT INTO import_rows (import_id, vendor_id, line, name, customer, content, faults, warnings)
SELECT id, vendor_id, 2, 'A', '', '{}', '["line 2: wrong"]', '[]' FROM imports;
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM invoices) = 1, 'the invoice is there';
  BEGIN
    UPDATE imports SET executed_at = now();
    RAISE EXCEPTION 'a faulty file was executed';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
  BEGIN
    INSERT INTO import_rows SELECT import_id, vendor_id, 0, name, customer, content, faults, warnings FROM import_rows;
    RAISE EXCEPTION 'a row without a line was kept';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
  DELETE FROM imports;
  ASSERT (SELECT count(*) FROM import_rows) = 0, 'rows go with their file';
END $$;
