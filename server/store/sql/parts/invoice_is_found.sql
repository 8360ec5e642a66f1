(@invoice_has_all_text@
                OR i.customer_id IN (SELECT r.id FROM renamed r))
