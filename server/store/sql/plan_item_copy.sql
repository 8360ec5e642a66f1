COPY run_plan_items (plan_id, customer_id, vendor_id, customer_name, outcome, reason, message, period_start_on, period_end_on, hours,
                     currency_code, total_minor, previous_total_minor, differences, send_email, digest)
FROM STDIN
