-- What exists for each customer and period: claimed days, the timesheets that have one of the days, and what was decided about days of it.
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
       (SELECT jsonb_agg(jsonb_build_object('first', d.period_start_on, 'last', d.period_end_on, 'wholeFirst', d.whole_start_on,
                                            'wholeLast', d.whole_end_on, 'due', d.due_on, 'state', d.state, 'reason', d.reason,
                                            'message', d.message, 'runId', d.run_id, 'decidedBy', d.decided_by,
                                            'decidedMicros', (extract(epoch FROM d.decided_at) * 1000000)::bigint)
                         ORDER BY d.period_start_on)::text
          FROM period_decisions d
         WHERE d.customer_id = q.customer_id AND coalesce(d.whole_start_on, d.period_start_on) <= q.last
           AND coalesce(d.whole_end_on, d.period_end_on) >= q.first) AS decisions
  FROM unnest(:customer_ids::uuid[], :firsts::date[], :lasts::date[]) AS q (customer_id, first, last)
