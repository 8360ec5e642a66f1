SELECT id::text, name, email, phone, tax_number, default_contractor, currency_code, locale, paper_size, accent_color,
       logo_sha256, address::text AS address, bank::text AS bank, number_pattern, credit_note_pattern,
       books_closed_through_on::text, active::text, version, created_at::text, updated_at::text, lower(name) AS cursor_1, id::text AS cursor_2
  FROM vendors
 WHERE (:active::boolean IS NULL OR active = :active::boolean)
   AND (:q::text IS NULL OR lower(name) LIKE lower(:q::text))
   AND (:after_1::text IS NULL OR (lower(name), id) > (:after_1::text, :after_2::uuid))
 ORDER BY lower(name), id
 LIMIT :limit::bigint
