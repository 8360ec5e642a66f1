// Calls that wait for one row take few sessions: everybody else goes on.
#include <thread>
#include <vector>

#include "base/status.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

class RowGatesTest : public AppTest {
 protected:
  // Sessions that wait for a row. In a session of its own: within a transaction the view does not change.
  int WaitingSessions() {
    return std::stoi(watcher_.Cell(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"));
  }

  test::PlainSql owner_{test::Postgres::Instance().OwnerUrl(url_)};
  test::PlainSql watcher_{test::Postgres::Instance().OwnerUrl(url_)};
  std::string vendor_ = NewVendor();
};

TEST_F(RowGatesTest, CallsAboutOneCustomerLeaveTheSessionsToOthers) {
  const std::string held = NewCustomer(vendor_);
  const std::string other = NewCustomer(vendor_);
  owner_.Must("BEGIN");
  owner_.Must("SELECT id FROM customers WHERE id = '" + held + "' FOR UPDATE");
  std::vector<std::thread> calls;
  std::atomic<int> busy = 0;
  for (int i = 0; i < 14; ++i) {
    calls.emplace_back([&] {
      const auto run = RunQuick(held, absl::CivilDay(2026, 11, 1), NewCall());
      if (base::DetailOf(run.status()).reason == base::Reason::kLockTimeout) ++busy;
    });
  }
  // Until two of them wait for the row; the others wait without a session.
  while (WaitingSessions() < 2 && busy == 0) {
  }
  EXPECT_TRUE(RunQuick(other, absl::CivilDay(2026, 11, 1), NewCall()).ok());
  EXPECT_EQ(busy, 0) << "the other customer's call waited for none of them";
  EXPECT_LE(WaitingSessions(), 2);
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(busy, 14);
  owner_.Must("ROLLBACK");
}

TEST_F(RowGatesTest, ManyCallsAboutOneCustomerAllEnd) {
  const std::string customer = NewCustomer(vendor_);
  std::vector<std::thread> calls;
  std::atomic<int> done = 0;
  for (int i = 0; i < 24; ++i) {
    calls.emplace_back([&, i] {
      const absl::CivilMonth month = absl::CivilMonth(2026, 11) - i;
      if (RunQuick(customer, absl::CivilDay(month), NewCall()).ok()) ++done;
    });
  }
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(done, 24);
}

}  // namespace
}  // namespace invoice::app
