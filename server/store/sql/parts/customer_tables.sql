FROM customers c
  JOIN contracts k ON k.customer_id = c.id
  JOIN schedules s ON s.customer_id = c.id
