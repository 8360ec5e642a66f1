SELECT @smtp_configuration_columns@
  FROM @smtp_configuration_tables@
 WHERE c.id = :id::uuid
