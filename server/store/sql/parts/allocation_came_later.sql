(p.paid_on > :as_of::date
                  OR (a.created_at > :as_of::date - 2
                      AND (a.created_at AT TIME ZONE (SELECT time_zone FROM schedules s WHERE s.customer_id = p.customer_id))::date > :as_of::date
                      AND (a.reason <> 'ALLOCATED'
                           OR (a.created_at AT TIME ZONE (SELECT time_zone FROM schedules s WHERE s.customer_id = p.customer_id))::date
                              > (p.created_at AT TIME ZONE (SELECT time_zone FROM schedules s WHERE s.customer_id = p.customer_id))::date)))
