c.id::text, c.vendor_id::text, c.name, c.host, c.port, c.security, c.verify_certificate::text, c.username,
       encode(c.password_sealed, 'hex') AS password_sealed, c.password_key_id, c.from_address, c.from_name, c.unknown_policy,
       c.max_emails_per_run, c.max_emails_per_recipient_per_day, c.max_connections, c.max_emails_per_minute, c.active::text,
       c.version, c.created_at::text, c.updated_at::text, p.paused_until::text, p.last_fault
