SELECT pg_advisory_unlock(:configuration, :place)::text AS given_back
