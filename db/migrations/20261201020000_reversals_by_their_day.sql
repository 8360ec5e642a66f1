-- migrate:up
-- A reversal takes what was paid out of the month in which it is done, on the customer's calendar, and leaves the month
-- of the payment as it was. The number of payments of a month is without those that were reversed within it.
CREATE FUNCTION count_reversal(payment payments) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  paid_month CONSTANT date := date_trunc('month', payment.paid_on::timestamp)::date;
  reversed_month CONSTANT date := date_trunc('month', payment.reversed_at AT TIME ZONE coalesce(
    (SELECT time_zone FROM schedules WHERE customer_id = payment.customer_id), 'UTC'))::date;
BEGIN
  INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
  VALUES ('PAID', payment.vendor_id, payment.currency_code, reversed_month, '',
          CASE WHEN reversed_month = paid_month THEN -1 ELSE 0 END, -payment.amount_minor, 0);
END $$;

CREATE OR REPLACE FUNCTION count_reversed_payment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_reversal(NEW);
  RETURN NULL;
END $$;

-- Until now a reversed payment was counted as if it had never been.
INSERT INTO rollup_deltas (figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor)
SELECT 'PAID', vendor_id, currency_code, date_trunc('month', paid_on::timestamp)::date, '', count(*), sum(amount_minor), 0
  FROM payments
 WHERE reversed_at IS NOT NULL
 GROUP BY 1, 2, 3, 4;
DO $$
DECLARE
  payment payments;
BEGIN
  FOR payment IN SELECT * FROM payments WHERE reversed_at IS NOT NULL LOOP
    PERFORM count_reversal(payment);
  END LOOP;
END $$;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
