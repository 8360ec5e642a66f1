(p.paid_on > :as_of::date
                  OR (a.reason = 'CREDITED' AND p.reversed_at IS NULL
                      AND (a.created_at AT TIME ZONE (SELECT time_zone FROM schedules s WHERE s.customer_id = p.customer_id))::date > :as_of::date))
