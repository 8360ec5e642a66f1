SELECT id::text, number, invoice_on::text, due_on::text, currency_code, total_minor, paid_minor, credited_minor,
       total_minor - paid_minor - credited_minor AS open_minor, days_overdue
  FROM (@open_items@) AS items
 WHERE total_minor > paid_minor + credited_minor
 ORDER BY currency_code, due_on, id
 LIMIT :limit::bigint
