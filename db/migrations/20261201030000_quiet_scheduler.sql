-- migrate:up
-- The scheduler is woken only by a change that can make something due earlier. A schedule's version changes if a person changes it; the
-- scheduler itself and runs move its due date on and leave the version. Of decisions only a reopened period is the scheduler's to act on.
DROP TRIGGER schedules_announced ON schedules;
DROP TRIGGER period_decisions_announced ON period_decisions;
CREATE TRIGGER schedules_announced_new AFTER INSERT ON schedules
  FOR EACH ROW WHEN (NEW.enabled) EXECUTE FUNCTION announce_schedules();
CREATE TRIGGER schedules_announced AFTER UPDATE ON schedules
  FOR EACH ROW WHEN (NEW.version <> OLD.version) EXECUTE FUNCTION announce_schedules();
CREATE TRIGGER period_decisions_announced AFTER INSERT OR UPDATE ON period_decisions
  FOR EACH ROW WHEN (NEW.state = 'REOPENED') EXECUTE FUNCTION announce_schedules();

-- Forward only: what went wrong is mended by the next migration.
-- migrate:down
