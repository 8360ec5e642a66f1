-- migrate:up
-- What a period bills that the contract's dates cut short. The default serves servers of the version before.
ALTER TABLE contracts
  ADD COLUMN partial_periods text NOT NULL DEFAULT 'FULL',
  ADD CONSTRAINT contracts_partial_periods_known CHECK (partial_periods IN ('FULL', 'PRORATE_DAYS', 'PRORATE_WORKDAYS'));

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
