(VALUES (0::smallint), (1), (2)) AS q (urgency)
