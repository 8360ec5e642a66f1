DELETE FROM smtp_pauses
 WHERE configuration = :configuration
