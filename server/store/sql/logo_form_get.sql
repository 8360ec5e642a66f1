SELECT form.sha256, form.content_type, form.bytes
  FROM logo_forms
  JOIN blobs AS form ON form.sha256 = logo_forms.form_sha256
 WHERE logo_forms.logo_sha256 = $1
