SELECT @email_template_columns@
  FROM email_templates t
  JOIN unnest(:vendor_ids::uuid[], :versions::bigint[]) AS q (vendor_id, version) ON t.vendor_id = q.vendor_id AND t.version = q.version
