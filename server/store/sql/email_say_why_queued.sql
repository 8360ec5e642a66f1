UPDATE emails
   SET state_reason = :why, version = version + 1, updated_at = :now::timestamptz
 WHERE id = ANY (:ids::uuid[]) AND state = 'QUEUED' AND state_reason <> :why
   AND (state_reason = '' OR state_reason = ANY (SELECT json_array_elements_text(:lesser::json)))
