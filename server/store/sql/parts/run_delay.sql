(SELECT CASE WHEN max(w.error) <> '' THEN max(w.error)
                     WHEN coalesce(max(w.lease_until), '-infinity') < now() AND max(w.run_at) < now() - interval '1 minute'
                       THEN 'no worker has taken the run up for a minute' END
          FROM (SELECT j.last_error AS error, j.lease_until, j.run_at FROM jobs j WHERE j.kind = 'START_RUN' AND j.subject_id = runs.id
                 UNION ALL
                SELECT j.last_error, j.lease_until, j.run_at
                  FROM run_chunks n
                  JOIN jobs j ON j.kind = 'RUN_CHUNK' AND j.subject_id = n.id
                 WHERE n.run_id = runs.id AND n.state = 'PENDING') AS w)