-- The active ones of the vendors, and the global one; by the expression of smtp_configurations_one_active_key.
SELECT @smtp_configuration_columns@
  FROM @smtp_configuration_tables@
 WHERE c.active
   AND coalesce(c.vendor_id, '00000000-0000-0000-0000-000000000000')
       = ANY (array_append(:vendor_ids::uuid[], '00000000-0000-0000-0000-000000000000'))
