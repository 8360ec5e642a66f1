INSERT INTO smtp_pauses AS p (configuration, fault_count, last_fault, paused_until)
VALUES (:configuration, 1, :fault, :paused_until::timestamptz)
ON CONFLICT ON CONSTRAINT smtp_pauses_pkey DO UPDATE
   SET fault_count = p.fault_count + 1, last_fault = excluded.last_fault,
       paused_until = greatest(p.paused_until, excluded.paused_until)
RETURNING fault_count
