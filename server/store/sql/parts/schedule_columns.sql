s.enabled::text, s.auto_send_email::text, s.auto_issue::text, s.time_zone, s.billing_weekday, s.anchor_on::text,
       s.billing_day, s.missed_run_policy, s.max_catch_up, s.last_run_on::text, s.next_run_on::text, s.handled_through_on::text,
       s.transition_due_on::text, s.transition_start_on::text, s.transition_end_on::text,
       s.version AS schedule_version, s.updated_at::text AS schedule_updated_at
