UPDATE customers
   SET name = :name, email = :email, cc_emails = :cc_emails::jsonb, bcc_emails = :bcc_emails::jsonb, contractor_name = :contractor_name,
       service_location = :service_location, locale = :locale, tax_number = :tax_number, address = :address::jsonb,
       active = :active::boolean, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
