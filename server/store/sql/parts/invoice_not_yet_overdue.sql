i.open_due_on IS NOT NULL AND i.overdue_at IS NULL
