-- What stood there is found by the folded text and stands in order; renaming is noted, and nothing else is.
DO $$
DECLARE
  letter record;
BEGIN
  ASSERT fold_text(U&'Du\0308rer') = 'durer' AND fold_text('DÜRER') = 'durer', 'accents do not count';
  ASSERT fold_text('Straße') = fold_text('STRASSE') AND fold_text('Łódź') = 'lodz' AND fold_text('Ørsted') = 'orsted', 'strokes do not count';
  ASSERT fold_text('ABC xyz 0-9 %_\') = 'abc xyz 0-9 %_\', 'ASCII is only made small';
  -- Whatever a text is, what it folds to folds to itself, and the normal form does not matter.
  FOR letter IN SELECT chr(n) AS c FROM generate_series(160, 65535) AS n WHERE n NOT BETWEEN 55296 AND 57343 LOOP
    ASSERT fold_text(fold_text(letter.c)) = fold_text(letter.c), format('%s folds twice', ascii(letter.c));
    ASSERT fold_text(normalize(letter.c, NFC)) = fold_text(normalize(letter.c, NFD)), format('%s in two forms', ascii(letter.c));
  END LOOP;
  ASSERT (SELECT count(*) FROM customers WHERE fold_text(name || ' ' || email) LIKE '%example%') = 1, 'customers are found by part of an address';
  ASSERT NOT EXISTS (SELECT 1 FROM customers c JOIN invoices i ON i.customer_id = c.id WHERE i.customer_name <> c.name AND NOT c.renamed),
    'customers with an earlier name on an invoice are known as renamed';
  UPDATE customers SET renamed = false;
  UPDATE customers SET name = name, version = version + 1;
  ASSERT NOT EXISTS (SELECT 1 FROM customers WHERE renamed), 'the same name again is no renaming';
  UPDATE customers SET name = name || ' Ltd';
  ASSERT NOT EXISTS (SELECT 1 FROM customers WHERE NOT renamed), 'another name is';
  UPDATE customers SET name = left(name, -4), version = version - 1;
END $$;
