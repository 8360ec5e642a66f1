INSERT INTO audit_events (id, vendor_id, at, actor_id, actor_name, action, resource, resource_id, request_id, remote, before,
                          after)
VALUES (:id::uuid, :vendor_id::uuid, :now::timestamptz, :actor_id, :actor_name, :action, :resource, :resource_id::uuid,
        :request_id, :remote, :before::jsonb, :after::jsonb)
