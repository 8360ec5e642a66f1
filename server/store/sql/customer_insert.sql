INSERT INTO customers (id, vendor_id, name, email, cc_emails, contractor_name, service_location, locale, tax_number, address,
                       active, version, created_at, updated_at)
VALUES (:id::uuid, :vendor_id::uuid, :name, :email, :cc_emails::jsonb, :contractor_name, :service_location, :locale,
        :tax_number, :address::jsonb, :active::boolean, 1, :now::timestamptz, :now::timestamptz)
