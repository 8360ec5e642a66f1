SELECT pg_try_advisory_lock(:key::bigint)::text AS leading
