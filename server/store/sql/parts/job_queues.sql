(VALUES (0::smallint), (1), (2), (3)) AS q (urgency)
