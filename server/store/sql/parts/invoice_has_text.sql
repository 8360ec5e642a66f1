lower(coalesce(i.number, '') || ' ' || i.customer_name) LIKE lower(:part::text)
