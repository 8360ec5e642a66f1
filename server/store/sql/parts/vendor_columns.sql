id::text, name, email, phone, tax_number, default_contractor, currency_code, locale, paper_size, accent_color,
       logo_sha256, archive_email, address::text AS address, bank::text AS bank, number_pattern, credit_note_pattern,
       books_closed_through_on::text, refuse_back_dating::text, active::text, version, created_at::text, updated_at::text
