-- What exists for each customer and period: claimed days, the timesheets that have one of the days, and what was decided.
SELECT q.customer_id::text,
       (SELECT jsonb_agg(jsonb_build_object('invoiceId', p.invoice_id, 'number', coalesce(i.number, ''), 'first', lower(p.days),
                                            'last', upper(p.days) - 1)
                         ORDER BY lower(p.days))::text
          FROM period_claims p
          JOIN invoices i ON i.id = p.invoice_id
         WHERE p.customer_id = q.customer_id AND p.days && daterange(q.first, q.last, '[]')) AS claims,
       (SELECT jsonb_agg(jsonb_build_object('first', t.period_start_on, 'last', t.period_end_on, 'hours', t.hours::text, 'currency',
                                            t.currency_code, 'expenses', t.expenses, 'notes', t.notes, 'version', t.version,
                                            'updatedMicros', (extract(epoch FROM t.updated_at) * 1000000)::bigint)
                         ORDER BY t.period_start_on)::text
          FROM timesheets t
         WHERE t.customer_id = q.customer_id
           AND daterange(t.period_start_on, t.period_end_on, '[]') && daterange(q.first, q.last, '[]')) AS timesheets,
       d.state AS decision_state, d.period_end_on::text AS decision_end_on,
       d.whole_start_on::text AS decision_whole_start_on, d.whole_end_on::text AS decision_whole_end_on,
       d.due_on::text AS decision_due_on, d.reason AS decision_reason, d.message AS decision_message,
       d.run_id::text AS decision_run_id, d.decided_by AS decision_by, d.decided_at::text AS decision_at
  FROM unnest(:customer_ids::uuid[], :firsts::date[], :lasts::date[]) AS q (customer_id, first, last)
  LEFT JOIN period_decisions d ON d.customer_id = q.customer_id AND d.period_start_on = q.first
