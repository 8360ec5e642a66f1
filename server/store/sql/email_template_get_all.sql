-- The latest of each vendor.
SELECT @email_template_columns@
  FROM unnest(:vendor_ids::uuid[]) AS v (id)
  CROSS JOIN LATERAL (SELECT *
                        FROM email_templates
                       WHERE vendor_id = v.id
                       ORDER BY version DESC
                       LIMIT 1) AS t
