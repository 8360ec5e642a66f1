-- migrate:up
-- The period before the contract's dates cut it. NULL where they did not, or where it is not known.
ALTER TABLE period_decisions
  ADD COLUMN whole_start_on date,
  ADD COLUMN whole_end_on date,
  ADD CONSTRAINT period_decisions_whole_complete CHECK (num_nulls(whole_start_on, whole_end_on) IN (0, 2)),
  ADD CONSTRAINT period_decisions_whole_wider CHECK (whole_start_on <= period_start_on AND whole_end_on >= period_end_on);

-- migrate:down
