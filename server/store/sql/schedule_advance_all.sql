UPDATE schedules AS s
   SET last_run_on = q.last, next_run_on = q.next, handled_through_on = q.handled,
       transition_due_on = CASE WHEN q.keeps_transition THEN s.transition_due_on END,
       transition_start_on = CASE WHEN q.keeps_transition THEN s.transition_start_on END,
       transition_end_on = CASE WHEN q.keeps_transition THEN s.transition_end_on END
  FROM unnest(:ids::uuid[], :last::date[], :next::date[], :handled::date[], :keeps_transition::boolean[])
       AS q (customer_id, last, next, handled, keeps_transition)
 WHERE s.customer_id = q.customer_id
