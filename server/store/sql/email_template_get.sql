SELECT @email_template_columns@
  FROM email_templates t
 WHERE t.vendor_id = :vendor_id::uuid
 ORDER BY t.version DESC
 LIMIT 1
