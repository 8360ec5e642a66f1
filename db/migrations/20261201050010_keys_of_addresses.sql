-- migrate:up
-- Addresses that reach one mailbox are found by one another: case does not count, nor whether an international domain is written in its own
-- letters or in A-labels ("xn--").

-- A label after "xn--" in its own letters (RFC 3492); NULL where it is none.
CREATE FUNCTION punycode_text(label text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  points integer[] := ARRAY[]::integer[];
  digits text := label;
  hyphen integer := length(label) - strpos(reverse(label), '-') + 1;
  n bigint := 128;
  i bigint := 0;
  bias bigint := 72;
  is_first boolean := true;
  old bigint;
  w bigint;
  k bigint;
  t bigint;
  digit bigint;
  delta bigint;
  code integer;
BEGIN
  IF label !~ '^[a-z0-9][a-z0-9-]{0,58}$' THEN
    RETURN NULL;
  END IF;
  IF strpos(label, '-') > 0 THEN
    SELECT array_agg(ascii(c) ORDER BY place) INTO points FROM regexp_split_to_table(left(label, hyphen - 1), '') WITH ORDINALITY AS s (c, place);
    digits := substr(label, hyphen + 1);
  END IF;
  WHILE digits <> '' LOOP
    old := i;
    w := 1;
    k := 36;
    LOOP
      IF digits = '' THEN
        RETURN NULL;
      END IF;
      code := ascii(digits);
      digits := substr(digits, 2);
      digit := CASE WHEN code BETWEEN 97 AND 122 THEN code - 97 WHEN code BETWEEN 48 AND 57 THEN code - 22 END;
      IF digit IS NULL THEN
        RETURN NULL;
      END IF;
      i := i + digit * w;
      t := least(greatest(k - bias, 1), 26);
      EXIT WHEN digit < t;
      w := w * (36 - t);
      k := k + 36;
      IF i > 2147483647 OR w > 2147483647 THEN
        RETURN NULL;
      END IF;
    END LOOP;
    delta := (i - old) / CASE WHEN is_first THEN 700 ELSE 2 END;
    is_first := false;
    delta := delta + delta / (cardinality(points) + 1);
    k := 0;
    WHILE delta > 455 LOOP
      delta := delta / 35;
      k := k + 36;
    END LOOP;
    bias := k + 36 * delta / (delta + 38);
    n := n + i / (cardinality(points) + 1);
    i := i % (cardinality(points) + 1);
    IF n > 1114111 OR n BETWEEN 55296 AND 57343 THEN
      RETURN NULL;
    END IF;
    points := points[:i::integer] || n::integer || points[i::integer + 1:];
    i := i + 1;
  END LOOP;
  RETURN (SELECT string_agg(chr(p), '' ORDER BY place) FROM unnest(points) WITH ORDINALITY AS s (p, place));
END $$;

-- Equal for addresses of one mailbox. An address in ASCII without A-labels is only made small.
CREATE FUNCTION address_key(address text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  small text := lower(address COLLATE "C");
  at integer := strpos(small, '@');
  domain text;
BEGIN
  IF octet_length(small) = length(small) AND strpos(small, 'xn--') = 0 OR at = 0 THEN
    RETURN small;
  END IF;
  domain := translate(normalize(substr(small, at + 1), NFKC), '。Σ', '.σ');
  domain := normalize(lower(domain COLLATE "und-x-icu"), NFC);
  RETURN left(small, at) || (
    SELECT string_agg(CASE WHEN label LIKE 'xn--%' THEN coalesce(punycode_text(substr(label, 5)), label) ELSE label END, '.' ORDER BY place)
      FROM regexp_split_to_table(domain, '\.') WITH ORDINALITY AS s (label, place));
END $$;

DROP INDEX emails_recipient_idx;
CREATE INDEX emails_recipient_idx ON emails (address_key(recipient), id);

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
