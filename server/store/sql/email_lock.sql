SELECT @email_columns@
  FROM emails e
 WHERE e.id = :id::uuid
   FOR UPDATE
