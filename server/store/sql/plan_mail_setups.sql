-- By vendor: the version of its email template, 0 for the built-in one, and the configuration that would send: its own
-- active one, else the global one; by the expression of smtp_configurations_one_active_key.
SELECT v.id::text AS vendor_id,
       coalesce((SELECT max(t.version) FROM email_templates t WHERE t.vendor_id = v.id), 0) AS template_version,
       s.id::text AS smtp_id, s.version AS smtp_version
  FROM unnest(:vendor_ids::uuid[]) AS v (id)
  LEFT JOIN LATERAL (SELECT c.id, c.version
                       FROM smtp_configurations c
                      WHERE c.active
                        AND coalesce(c.vendor_id, '00000000-0000-0000-0000-000000000000')
                            = ANY (ARRAY[v.id, '00000000-0000-0000-0000-000000000000'::uuid])
                      ORDER BY c.vendor_id NULLS LAST
                      LIMIT 1) AS s ON true
