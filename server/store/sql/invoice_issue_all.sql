UPDATE invoices AS i
   SET number = q.number, series_key = q.series_key, sequence = q.sequence, vendor_snapshot = q.vendor_snapshot,
       customer_snapshot = q.customer_snapshot, customer_name = q.customer_name, delivery = q.delivery, send_email = q.send_email,
       issued_at = :now::timestamptz, version = i.version + 1, updated_at = :now::timestamptz
  FROM jsonb_to_recordset(:drafts::jsonb)
       AS q (id uuid, number text, series_key text, sequence bigint, vendor_snapshot jsonb, customer_snapshot jsonb,
             customer_name text, delivery text, send_email boolean)
 WHERE i.id = q.id
