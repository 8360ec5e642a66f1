SELECT version::text AS version FROM schema_migrations
