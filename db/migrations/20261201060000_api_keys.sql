-- migrate:up
-- API keys can be listed, changed and revoked: a version for their etags, and the order of their list. The default serves programs of the
-- version before while both run.
ALTER TABLE api_keys
  ADD COLUMN version bigint NOT NULL DEFAULT 1,
  ADD CONSTRAINT api_keys_version_positive CHECK (version > 0);
CREATE INDEX api_keys_created_idx ON api_keys (created_at, id);

-- migrate:down
