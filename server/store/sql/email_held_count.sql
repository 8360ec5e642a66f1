SELECT count(*)
  FROM emails e
 WHERE @email_held@
