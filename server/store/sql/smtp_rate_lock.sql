INSERT INTO smtp_rates AS r (configuration, next_send_at, next_turn_at)
VALUES (:configuration, :now::timestamptz, :now::timestamptz)
ON CONFLICT ON CONSTRAINT smtp_rates_pkey DO UPDATE SET next_send_at = r.next_send_at
RETURNING next_send_at::text, next_turn_at::text
