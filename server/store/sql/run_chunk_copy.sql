COPY run_chunks (id, run_id, chunk_no, customer_ids, period_starts_on, period_ends_on, state)
FROM STDIN
