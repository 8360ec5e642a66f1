(:open::boolean IS NULL OR :open::boolean = (i.term_days >= 0))
           AND (:credit_note::boolean IS NULL OR :credit_note::boolean = (i.term_days < 0 AND i.stage IN ('ISSUED', 'SENT')))
