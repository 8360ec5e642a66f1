INSERT INTO smtp_pauses AS p (configuration, fault_count, last_fault, paused_until)
VALUES (:configuration, 1, :fault, :now::timestamptz)
ON CONFLICT ON CONSTRAINT smtp_pauses_pkey DO UPDATE
   SET fault_count = p.fault_count + CASE WHEN p.paused_until <= :now::timestamptz THEN 1 ELSE 0 END, last_fault = excluded.last_fault
RETURNING fault_count
