UPDATE schedules
   SET enabled = :enabled::boolean, auto_send_email = :auto_send_email::boolean, auto_issue = :auto_issue::boolean,
       time_zone = :time_zone, billing_weekday = :billing_weekday::integer, anchor_on = :anchor_on::date,
       billing_day = :billing_day::integer, missed_run_policy = :missed_run_policy, max_catch_up = :max_catch_up::integer,
       last_run_on = :last_run_on::date, next_run_on = :next_run_on::date,
       handled_through_on = :handled_through_on::date, transition_due_on = :transition_due_on::date,
       transition_start_on = :transition_start_on::date, transition_end_on = :transition_end_on::date, version = version + 1,
       updated_at = :now::timestamptz
 WHERE customer_id = :customer_id::uuid AND vendor_id = :vendor_id::uuid
