id::text, run_id::text, chunk_no, array_to_json(customer_ids)::text AS customer_ids,
       array_to_json(period_starts_on)::text AS period_starts_on, array_to_json(period_ends_on)::text AS period_ends_on, state,
       invoiced_count, skipped_count, held_count, failed_count, totals::text AS totals, problem
