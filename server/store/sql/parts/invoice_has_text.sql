fold_text(coalesce(i.number, '') || ' ' || i.customer_name) LIKE :part::text
