-- A job and an audit event about what was there.
INSERT INTO jobs (id, kind, subject_id, run_at) VALUES ('01900000-0000-7000-8000-000000000051', 'RENDER_DOCUMENT',
                                                        '01900000-0000-7000-8000-000000000031', now());
INSERT INTO audit_events (id, vendor_id, at, actor_id, actor_name, action, resource, resource_id, request_id, remote)
VALUES ('01900000-0000-7000-8000-000000000061', '01900000-0000-7000-8000-000000000001', now(), 'system', 'system', 'issue', 'invoice',
        '01900000-0000-7000-8000-000000000031', '', '');
DO $$ BEGIN
  ASSERT (SELECT count(*) FROM emails) = 1 AND (SELECT count(*) FROM email_attempts) = 1, 'emails are as they were';
END $$;
