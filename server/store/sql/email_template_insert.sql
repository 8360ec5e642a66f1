INSERT INTO email_templates (vendor_id, version, subject, text_body, html_body, created_at)
VALUES (:vendor_id::uuid, :version::bigint, :subject, :text_body, :html_body, :now::timestamptz)
