(cardinality(:full::text[]) = 0 OR (q.urgency < 3 AND j.kind <> ALL (:full::text[])))
