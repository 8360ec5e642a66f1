INSERT INTO vendors (id, name, email, phone, tax_number, default_contractor, currency_code, locale, paper_size, accent_color,
                     logo_sha256, archive_email, address, bank, number_pattern, credit_note_pattern, books_closed_through_on, refuse_back_dating, active,
                     version, created_at, updated_at)
VALUES (:id::uuid, :name, :email, :phone, :tax_number, :default_contractor, :currency_code, :locale, :paper_size,
        :accent_color, :logo_sha256, :archive_email, :address::jsonb, :bank::jsonb, :number_pattern, :credit_note_pattern,
        :books_closed_through_on::date, :refuse_back_dating::boolean, :active::boolean, 1, :now::timestamptz, :now::timestamptz)
