INSERT INTO timesheets (customer_id, vendor_id, period_start_on, period_end_on, hours, currency_code, expenses, notes, version, updated_at)
VALUES (:customer_id::uuid, :vendor_id::uuid, :period_start_on::date, :period_end_on::date, :hours::numeric, :currency_code,
        :expenses::jsonb, :notes, 1, :now::timestamptz)
ON CONFLICT ON CONSTRAINT timesheets_pkey DO UPDATE
   SET period_end_on = excluded.period_end_on, hours = excluded.hours, currency_code = excluded.currency_code, expenses = excluded.expenses,
       notes = excluded.notes, version = timesheets.version + 1, updated_at = excluded.updated_at
