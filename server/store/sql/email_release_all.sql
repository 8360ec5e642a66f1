-- Locked in the order of their ids, whoever releases. Those that somebody else released or cancelled meanwhile are left alone.
WITH held AS (
  SELECT id
    FROM emails
   WHERE id = ANY (:ids::uuid[]) AND state = 'HELD'
   ORDER BY id
     FOR UPDATE
)
UPDATE emails e
   SET state = :state, state_reason = '', next_attempt_at = NULL, version = e.version + 1, updated_at = :now::timestamptz
  FROM held
 WHERE e.id = held.id
RETURNING @email_columns@
