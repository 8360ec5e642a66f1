-- A series that was used knows its newest document.
DO $$ BEGIN
  ASSERT (SELECT (newest_on, newest_sequence) = ('2026-11-01'::date, 1::bigint) FROM number_series WHERE series_key = 'INV-{SEQ}'),
    'the newest document';
  ASSERT (SELECT newest_on IS NULL FROM number_series WHERE series_key = 'X-{SEQ}'), 'no document';
  ASSERT (SELECT NOT refuse_back_dating FROM vendors LIMIT 1), 'nothing is refused that was not before';
END $$;
