-- An email about the invoice that was there, sent at its first attempt.
INSERT INTO emails (id, vendor_id, invoice_id, recipient, recipient_role, header_to, header_cc, template, resend_number, subject, message_id, state,
                    state_reason, attempt_count, repeat_count, sent_at, created_at, updated_at, version)
VALUES ('01900000-0000-7000-8000-000000000041', '01900000-0000-7000-8000-000000000001', '01900000-0000-7000-8000-000000000031',
        'c@example.com', 'TO', 'c@example.com', '[]', 'INVOICE', 0, 'Invoice INV-0001', '<1@example.com>', 'SENT', '', 1, 0, now(), now(), now(), 2);
INSERT INTO email_attempts VALUES ('01900000-0000-7000-8000-000000000041', '01900000-0000-7000-8000-000000000001', 1, now(), now(), 'ACCEPTED',
                                   250, '2.0.0 queued', '');
DO $$ BEGIN
  ASSERT (SELECT total_minor FROM invoices) = 80936, 'the invoice is as it was';
  BEGIN
    UPDATE emails SET sent_at = NULL;
    RAISE EXCEPTION 'an email was SENT without a time';
  EXCEPTION WHEN check_violation THEN NULL;
  END;
END $$;
