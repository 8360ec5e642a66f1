SELECT count(*)
  FROM (SELECT 1 FROM smtp_configurations c
         WHERE @smtp_configuration_filter@
         LIMIT :limit::bigint) AS counted
