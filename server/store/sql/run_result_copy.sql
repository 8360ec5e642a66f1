COPY run_results (run_id, customer_id, vendor_id, outcome, reason, message, detail, uncovered, invoice_id, period_start_on,
                  period_end_on, created_at)
FROM STDIN
