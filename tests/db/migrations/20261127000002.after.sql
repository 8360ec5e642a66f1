-- What was sent keeps the built-in template; a template is never changed, and no configuration may send without bound.
DO $$ BEGIN
  ASSERT (SELECT template_version FROM emails WHERE id = '01900000-0000-7000-8000-000000000041') = 0, 'the built-in template';
  BEGIN
    INSERT INTO smtp_configurations (id, name, host, port, security, verify_certificate, username, from_address, active, version, created_at,
                                     updated_at, from_name, unknown_policy, max_emails_per_run, max_emails_per_recipient_per_day,
                                     max_connections, max_emails_per_minute)
    VALUES (gen_random_uuid(), 'Global', 'mail.example.com', 587, 'STARTTLS', true, '', 'a@example.com', true, 1, now(), now(), '', 'RETRY_ONCE',
            0, 20, 4, 0);
    RAISE EXCEPTION 'a configuration has no bound';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
