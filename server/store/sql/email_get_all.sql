SELECT @email_columns@
  FROM emails e
 WHERE e.id = ANY (:ids::uuid[])
