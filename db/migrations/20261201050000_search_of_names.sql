-- migrate:up
-- People's names are found whatever their case, width, accents and strokes, and stand in the order of Unicode's root collation.

-- The form in which texts are compared by search: "Dürer" in either normal form and "DURER" are "durer", "Straße" is "strasse", "Łódź" is "lodz".
-- Compatibility forms are taken apart, marks of accents go, letters with a stroke or a hook become plain, invisible characters go. A text in
-- ASCII needs none of that.
CREATE FUNCTION fold_text(t text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN
  IF octet_length(t) = length(t) THEN
    RETURN lower(t COLLATE "C");
  END IF;
  t := regexp_replace(lower(normalize(t, NFKD) COLLATE "und-x-icu"),
                      '[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff'
                      '\u20d0-\u20ff\ufe20-\ufe2f\u00ad\u200b-\u200f\u2060\ufeff]', '', 'g');
  IF octet_length(t) = length(t) THEN
    RETURN t;
  END IF;
  t := replace(replace(replace(replace(t, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
  RETURN translate(t,
    'øđħłŧƀƃƈƌƒƙƚƞƥƫƭƴƶǥȡȥȴȵȶȼȿɀɇɉɋɍɏɓɕɖɗɠɦɨɫɬɭɱɲɳɼɽɾʂʈʋʐʑʝʠᵬᵭᵮᵯᵰ'
    'ᵱᵲᵳᵴᵵᵶᵽᶀᶁᶂᶃᶄᶅᶆᶇᶈᶉᶊᶌᶍᶎᶏᶑᶒᶖᶙỿⱡⱥⱦⱨⱪⱬⱱⱳⱴⱸⱺꝁꝃꝅꝉꝋꝍꝑꝓꝕꝗꝙꝟꞎꞑꞓꞔꞕꞗꞙꞡꞣꞥ'
    'ꞧꞩꞹꟈꟊꬴꬷꬸꬹꬺꬻꭉꭎꭒꭖꭗꭘꭙꭚ𝼉𝼑𝼓𝼖𝼚𝼛𝼝𝼞ıȷĸŋðſς‘’ʼ‚‛′“”„‐‑‒–—−',
    'odhltbbcdfklnpttyzgdzlntcszejqrybcddghilllmnnrrrstvzzjqbdfmn'
    'prrstzpbdfgklmnprsvxzadeiuylathkzvwveokkkloopppqqvlncchbfgkn'
    'rsudselllmnruuxxxxytllriocsijkndsσ''''''''''''"""------');
END $$;

-- Lists by name. Equal names stand in the order of their ids.
DROP INDEX customers_name_idx;
CREATE INDEX customers_name_idx ON customers (name COLLATE "und-x-icu", id);
CREATE INDEX customers_vendor_list_idx ON customers (vendor_id, name COLLATE "und-x-icu", id);
DROP INDEX run_plan_items_name_idx;
CREATE INDEX run_plan_items_name_idx ON run_plan_items (plan_id, customer_name COLLATE "und-x-icu", customer_id);

-- Search.
DROP INDEX vendors_search_idx;
CREATE INDEX vendors_search_idx ON vendors USING gin (fold_text(name) gin_trgm_ops);
DROP INDEX customers_search_idx;
CREATE INDEX customers_search_idx ON customers USING gin (fold_text(name || ' ' || email) gin_trgm_ops);
DROP INDEX invoices_search_idx;
CREATE INDEX invoices_search_idx ON invoices USING gin (fold_text(coalesce(number, '') || ' ' || customer_name) gin_trgm_ops);

-- An invoice keeps the name under which its customer was billed, and is found by the present one too. Only customers that were renamed
-- need a second look: the names of all others are on their invoices.
ALTER TABLE customers ADD COLUMN renamed boolean NOT NULL DEFAULT false;
UPDATE customers c
   SET renamed = true
 WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.customer_id = c.id AND i.customer_name <> c.name);
CREATE INDEX customers_renamed_idx ON customers USING gin (fold_text(name) gin_trgm_ops) WHERE renamed;

CREATE FUNCTION note_renaming() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.renamed := true;
  RETURN NEW;
END $$;
CREATE TRIGGER customers_note_renaming BEFORE UPDATE OF name ON customers FOR EACH ROW
  WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION note_renaming();

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
