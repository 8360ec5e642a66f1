smtp_configurations c LEFT JOIN smtp_pauses p ON p.configuration = c.id::text
