-- migrate:up
-- The newest document of each series, by its invoice date; kept by the statement that takes numbers.
ALTER TABLE number_series
  ADD COLUMN newest_on date,
  ADD COLUMN newest_sequence bigint,
  ADD CONSTRAINT number_series_newest_complete CHECK ((newest_on IS NULL) = (newest_sequence IS NULL));
UPDATE number_series s
   SET newest_on = n.invoice_on, newest_sequence = n.sequence
  FROM (SELECT DISTINCT ON (i.vendor_id, i.series_key) i.vendor_id, i.series_key, i.invoice_on, i.sequence
          FROM invoices i
         WHERE i.series_key IS NOT NULL
         ORDER BY i.vendor_id, i.series_key, i.invoice_on DESC, i.sequence DESC) AS n
 WHERE n.vendor_id = s.vendor_id AND n.series_key = s.series_key;

-- The default serves servers of the version before.
ALTER TABLE vendors ADD COLUMN refuse_back_dating boolean NOT NULL DEFAULT false;

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
