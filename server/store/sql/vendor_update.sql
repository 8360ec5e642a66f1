UPDATE vendors
   SET name = :name, email = :email, phone = :phone, tax_number = :tax_number, default_contractor = :default_contractor,
       currency_code = :currency_code, locale = :locale, paper_size = :paper_size, accent_color = :accent_color,
       logo_sha256 = :logo_sha256, archive_email = :archive_email, address = :address::jsonb, bank = :bank::jsonb, number_pattern = :number_pattern,
       credit_note_pattern = :credit_note_pattern, books_closed_through_on = :books_closed_through_on::date, refuse_back_dating = :refuse_back_dating::boolean,
       active = :active::boolean, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
