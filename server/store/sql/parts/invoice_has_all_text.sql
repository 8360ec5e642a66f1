lower(coalesce(i.number, '') || ' ' || i.customer_name) || '' LIKE lower(:q::text)
