SELECT pg_notify('invoice_jobs', '')::text
