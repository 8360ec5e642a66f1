SELECT fault_count, last_fault, paused_until::text
  FROM smtp_pauses
 WHERE configuration = :configuration
