SELECT customer_id::text, period_start_on::text, period_end_on::text, whole_start_on::text, whole_end_on::text, due_on::text, state, reason,
       message, run_id::text, decided_by, decided_at::text
  FROM period_decisions
 WHERE customer_id = :customer_id::uuid AND coalesce(whole_start_on, period_start_on) <= :last::date
   AND coalesce(whole_end_on, period_end_on) >= :first::date
 ORDER BY period_start_on
