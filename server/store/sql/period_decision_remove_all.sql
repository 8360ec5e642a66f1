DELETE FROM period_decisions d
 USING unnest(:customer_ids::uuid[], :firsts::date[]) AS q (customer_id, first)
 WHERE d.customer_id = q.customer_id AND d.period_start_on = q.first
