t.vendor_id::text, t.version, t.subject, t.text_body, t.html_body, t.created_at::text
