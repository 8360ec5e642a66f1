INSERT INTO smtp_rates AS r (configuration, next_send_at)
VALUES (:configuration, :now::timestamptz)
ON CONFLICT ON CONSTRAINT smtp_rates_pkey DO UPDATE SET next_send_at = r.next_send_at
RETURNING next_send_at::text
