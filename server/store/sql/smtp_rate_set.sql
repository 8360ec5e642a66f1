UPDATE smtp_rates
   SET next_send_at = :next_send_at::timestamptz, next_turn_at = :next_turn_at::timestamptz
 WHERE configuration = :configuration
