INSERT INTO smtp_configurations (id, vendor_id, name, host, port, security, verify_certificate, username, password_sealed,
                                 password_key_id, from_address, from_name, unknown_policy, max_emails_per_run,
                                 max_emails_per_recipient_per_day, max_connections, max_emails_per_minute, active, version,
                                 created_at, updated_at)
VALUES (:id::uuid, :vendor_id::uuid, :name, :host, :port::integer, :security, :verify_certificate::boolean, :username,
        decode(:password_sealed, 'hex'), :password_key_id, :from_address, :from_name, :unknown_policy,
        :max_emails_per_run::integer, :max_emails_per_recipient_per_day::integer, :max_connections::integer,
        :max_emails_per_minute::integer, :active::boolean, 1, :now::timestamptz, :now::timestamptz)
