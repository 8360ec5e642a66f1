INSERT INTO logo_forms (logo_sha256, form_sha256, created_at)
VALUES (:logo_sha256, :form_sha256, :now::timestamptz)
ON CONFLICT ON CONSTRAINT logo_forms_pkey DO NOTHING
