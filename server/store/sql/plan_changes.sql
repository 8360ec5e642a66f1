SELECT coalesce(a.customer_id, b.customer_id)::text AS customer_id, coalesce(b.customer_name, a.customer_name) AS customer_name,
       a.outcome AS old_outcome, a.reason AS old_reason, a.period_start_on::text AS old_start_on, a.total_minor AS old_total_minor,
       a.currency_code AS old_currency_code, b.outcome AS new_outcome, b.reason AS new_reason,
       b.period_start_on::text AS new_start_on, b.total_minor AS new_total_minor, b.currency_code AS new_currency_code
  FROM (SELECT * FROM run_plan_items WHERE plan_id = :old::uuid) AS a
  FULL JOIN (SELECT * FROM run_plan_items WHERE plan_id = :new::uuid) AS b ON b.customer_id = a.customer_id
 WHERE a.digest IS DISTINCT FROM b.digest
 ORDER BY customer_name, customer_id
 LIMIT :limit::bigint
