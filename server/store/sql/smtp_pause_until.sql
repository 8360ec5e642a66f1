UPDATE smtp_pauses
   SET paused_until = greatest(paused_until, :paused_until::timestamptz)
 WHERE configuration = :configuration
