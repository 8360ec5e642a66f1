-- migrate:up
-- Emails of a run wait for other people's servers, its documents for nobody: 2 documents of a run, 3 its emails.
ALTER TABLE jobs DROP CONSTRAINT jobs_urgency_range;
ALTER TABLE jobs ADD CONSTRAINT jobs_urgency_range CHECK (urgency BETWEEN 0 AND 3);
UPDATE jobs SET urgency = 3 WHERE kind = 'SEND_EMAIL' AND urgency = 2;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
