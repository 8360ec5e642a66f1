CASE WHEN octet_length(coalesce(i.number, '') || i.customer_name) = length(coalesce(i.number, '') || i.customer_name)
                THEN lower(coalesce(i.number, '') || ' ' || i.customer_name COLLATE "C")
                ELSE fold_text(coalesce(i.number, '') || ' ' || i.customer_name) END LIKE :q::text
