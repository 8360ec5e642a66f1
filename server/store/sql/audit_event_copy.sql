COPY audit_events (id, vendor_id, at, actor_id, actor_name, action, resource, resource_id, request_id, remote, before, after)
FROM STDIN
