-- A logo has one form, which is a stored file.
DO $$ BEGIN
  INSERT INTO blobs VALUES (repeat('a', 64), 'image/svg+xml', '\x00', now()), (repeat('b', 64), 'image/png', '\x01', now());
  INSERT INTO logo_forms VALUES (repeat('a', 64), repeat('b', 64), now());
  BEGIN
    INSERT INTO logo_forms VALUES (repeat('a', 64), repeat('a', 64), now());
    RAISE EXCEPTION 'a logo got a second form';
  EXCEPTION WHEN unique_violation THEN NULL;
  END;
  BEGIN
    INSERT INTO logo_forms VALUES (repeat('b', 64), repeat('c', 64), now());
    RAISE EXCEPTION 'a logo got a form that is not stored';
  EXCEPTION WHEN foreign_key_violation THEN NULL;
  END;
END $$;
