WITH RECURSIVE lanes AS (
  SELECT wanted.stage, (SELECT min(i.term_days) FROM invoices i WHERE i.stage = wanted.stage) AS term_days
    FROM unnest(:stages::text[]) AS wanted (stage)
   UNION ALL
  SELECT l.stage, (SELECT min(i.term_days) FROM invoices i WHERE i.stage = l.stage AND i.term_days > l.term_days)
    FROM lanes l
   WHERE l.term_days IS NOT NULL),
spans AS (
  SELECT l.stage, l.term_days,
         greatest(:from_on::date, CASE WHEN NOT :overdue::boolean AND l.term_days >= 0
                                       THEN :earliest_today::date - l.term_days END) AS first_on,
         least(:to_on::date, CASE WHEN :overdue::boolean AND l.term_days >= 0
                                  THEN :latest_today::date - 1 - l.term_days END) AS last_on
    FROM lanes l
   WHERE (l.term_days >= 0 OR (l.term_days = -1 AND :overdue::boolean IS NOT TRUE))
     AND (:open::boolean IS NULL OR :open::boolean = (l.term_days >= 0))
     AND (:credit_note::boolean IS NULL OR :credit_note::boolean = (l.term_days < 0 AND l.stage IN ('ISSUED', 'SENT'))))
