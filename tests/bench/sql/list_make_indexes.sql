SET maintenance_work_mem = '512MB';
DO $$
DECLARE
  definition text;
BEGIN
  FOR definition IN SELECT b.definition FROM bench_indexes b LOOP
    EXECUTE definition;
  END LOOP;
END $$;
DROP TABLE bench_indexes;
