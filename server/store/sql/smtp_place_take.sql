-- Held by the session until it gives it back or ends.
SELECT pg_try_advisory_lock(:configuration, :place)::text AS taken
