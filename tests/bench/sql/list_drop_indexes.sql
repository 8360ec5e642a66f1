-- The indexes of invoices that are no constraints go while the books are generated and come back as they were.
CREATE TABLE bench_indexes AS
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
  FROM pg_index i
  LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
 WHERE i.indrelid = 'invoices'::regclass AND c.oid IS NULL;
DO $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT b.name FROM bench_indexes b LOOP
    EXECUTE 'DROP INDEX ' || name;
  END LOOP;
END $$;
