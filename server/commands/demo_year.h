// A year of billing for the demo data. A clock of its own walks from a year ago to the present; the scheduler bills the
// customers, and at their times invoices are handed over, paid, cancelled and credited. Everything goes through the use
// cases of server/app, so that numbers, dates, states and events agree. Not thread-safe. No worker and no scheduler may
// run meanwhile: they would do the jobs of the past at the present time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/core.h"
#include "app/run_work.h"
#include "app/scheduling.h"
#include "base/clock.h"
#include "domain/invoice_record.h"

namespace invoice::commands {

class DemoYear {
 public:
  // The parts of `core` are used, but not its clock: `now` is where the year ends.
  DemoYear(const app::Core& core, absl::Time now, std::string database_url);
  ~DemoYear();

  // Fills an empty database. `data` is db/seed/demo.json.
  absl::Status Make(const nlohmann::json& data);

 private:
  // What happens to an invoice besides being handed over and paid.
  enum class Turn {
    kNone,
    kUnpaid,
    kPaidInPart,
    kPaidTooMuch,
    kPaidAndReversed,
    kPaidWithNext,
    kCreditedInPart,
    kCreditedAndBilledAgain,
    kCancelledAndBilledAgain
  };
  struct Client;
  struct Bill;
  using Step = std::function<absl::Status()>;

  static Turn TurnOf(const std::string& name);

  absl::Status CreateParties(const nlohmann::json& data);
  absl::Status CreateCustomer(const std::string& vendor_id, const nlohmann::json& plan);
  void PlanTimesheets(Client& client);
  void PlanSkips(Client& client);
  void PlanAdvance(Client& client);
  absl::Status Walk();
  absl::Status RunScheduler();
  absl::Status WorkChunks();
  absl::Status FollowRuns();
  void Follow(Client& client, const std::string& invoice_id, absl::CivilDay date);
  void FollowIssued(const Bill& bill, Turn turn, absl::Duration wait);
  absl::Status SendLatest();
  absl::Status EnableEmails();

  // Steps of one invoice.
  absl::Status IssueDraft(const Bill& bill);
  absl::Status HandOver(const Bill& bill);
  absl::Status Pay(const Bill& bill, Turn turn);
  absl::Status Reverse(const std::string& payment_id, const std::string& reason);
  absl::Status Cancel(const Bill& bill);
  absl::Status Credit(const Bill& bill, bool in_part);
  absl::Status BillAgain(const Bill& bill, const domain::Period& period);

  // Steps of a customer.
  absl::Status PutTimesheet(const Client& client, absl::CivilMonth month);
  absl::Status PayInAdvance(const Client& client);

  void At(absl::Time time, Step step) { agenda_.emplace(time, std::move(step)); }
  void After(absl::Duration wait, Step step) { At(clock_.Now() + wait, std::move(step)); }
  absl::CivilDay DayOf(const Client& client, absl::Time time) const;
  absl::Time NoonOf(const Client& client, absl::CivilDay day) const;

  const absl::Time now_;
  const std::string database_url_;
  base::FakeClock clock_;
  app::Core core_;
  app::RunWork work_;
  app::Scheduling scheduling_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::multimap<absl::Time, Step> agenda_;
  absl::Time next_due_ = absl::InfinitePast();
  std::string last_run_id_;
};

}  // namespace invoice::commands
