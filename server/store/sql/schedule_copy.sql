COPY schedules (customer_id, vendor_id, enabled, auto_send_email, auto_issue, time_zone, billing_weekday, anchor_on, billing_day,
                missed_run_policy, max_catch_up, last_run_on, next_run_on, handled_through_on, transition_due_on, transition_start_on,
                transition_end_on, updated_at, version)
FROM STDIN
