-- The same password under another key: what clients see of the row, its version included, stays.
UPDATE smtp_configurations
   SET password_sealed = decode(:password_sealed, 'hex'), password_key_id = :key_id
 WHERE id = :id::uuid
