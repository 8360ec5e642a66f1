INSERT INTO schedules (customer_id, vendor_id, enabled, auto_send_email, auto_issue, time_zone, billing_weekday, anchor_on,
                       billing_day, missed_run_policy, max_catch_up, last_run_on, next_run_on,
                       handled_through_on, transition_due_on, transition_start_on, transition_end_on, version, updated_at)
VALUES (:customer_id::uuid, :vendor_id::uuid, :enabled::boolean, :auto_send_email::boolean, :auto_issue::boolean,
        :time_zone, :billing_weekday::integer, :anchor_on::date, :billing_day::integer, :missed_run_policy,
        :max_catch_up::integer, :last_run_on::date, :next_run_on::date,
        :handled_through_on::date, :transition_due_on::date, :transition_start_on::date, :transition_end_on::date, 1, :now::timestamptz)
