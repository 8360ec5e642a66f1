UPDATE smtp_configurations
   SET name = :name, host = :host, port = :port::integer, security = :security,
       verify_certificate = :verify_certificate::boolean, username = :username,
       password_sealed = decode(:password_sealed, 'hex'), password_key_id = :password_key_id, from_address = :from_address,
       from_name = :from_name, unknown_policy = :unknown_policy, max_emails_per_run = :max_emails_per_run::integer,
       max_emails_per_recipient_per_day = :max_emails_per_recipient_per_day::integer,
       max_connections = :max_connections::integer, max_emails_per_minute = :max_emails_per_minute::integer,
       active = :active::boolean, version = version + 1, updated_at = :now::timestamptz
 WHERE id = :id::uuid
