(cardinality(:full::text[]) = 0 OR (q.urgency < 2 AND j.kind <> ALL (:full::text[])))
