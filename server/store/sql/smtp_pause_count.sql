INSERT INTO smtp_pauses AS p (configuration, fault_count, last_fault, paused_until)
VALUES (:configuration, 1, :fault, :now::timestamptz)
ON CONFLICT ON CONSTRAINT smtp_pauses_pkey DO UPDATE
   SET fault_count = p.fault_count + 1, last_fault = excluded.last_fault
RETURNING fault_count
