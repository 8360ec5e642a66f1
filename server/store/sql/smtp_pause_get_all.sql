SELECT configuration, paused_until::text
  FROM smtp_pauses
 WHERE configuration = ANY (:configurations::text[])
