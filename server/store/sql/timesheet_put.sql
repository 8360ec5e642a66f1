INSERT INTO timesheets (customer_id, vendor_id, period_start_on, period_end_on, hours, expenses, notes, version, updated_at)
VALUES (:customer_id::uuid, :vendor_id::uuid, :period_start_on::date, :period_end_on::date, :hours::numeric,
        :expenses::jsonb, :notes, 1, :now::timestamptz)
ON CONFLICT ON CONSTRAINT timesheets_pkey DO UPDATE
   SET period_end_on = excluded.period_end_on, hours = excluded.hours, expenses = excluded.expenses,
       notes = excluded.notes, version = timesheets.version + 1, updated_at = excluded.updated_at
