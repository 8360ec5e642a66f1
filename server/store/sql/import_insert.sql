INSERT INTO imports (id, vendor_id, kind, row_count, faulty_count, created_at, expires_at)
VALUES (:id::uuid, :vendor_id::uuid, :kind, :row_count::integer, :faulty_count::integer, :now::timestamptz,
        :expires_at::timestamptz)
