i.stage = spans.stage AND i.term_days = spans.term_days
           AND i.invoice_on >= spans.first_on AND i.invoice_on <= spans.last_on
           AND @invoice_due@
