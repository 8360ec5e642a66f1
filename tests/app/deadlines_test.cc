// A call whose deadline has passed changes nothing, whatever it is.
#include <gmock/gmock.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "app/logos.h"
#include "base/deadline.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

class DeadlinesTest : public AppTest {
 protected:
  // The rows of all tables that the calls below write to.
  std::vector<int64_t> Rows() {
    std::vector<int64_t> rows;
    for (const char* table : {"vendors", "customers", "contracts", "schedules", "timesheets", "invoices", "runs",
                              "jobs", "blobs", "audit_events", "idempotency_keys"}) {
      rows.push_back(Count(table));
    }
    return rows;
  }

  Call CallWithKey() {
    Call call = NewCall();
    call.idempotency_key = "key " + std::to_string(++keys_);
    call.idempotency_digest = "digest";
    return call;
  }

  int keys_ = 0;
  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(DeadlinesTest, NoChangeIsCommittedAfterItsDeadline) {
  const domain::Vendor vendor = Vendors(*core_).Get(vendor_).value();
  const domain::Customer customer = Customers(*core_).Get(customer_).value();
  const auto encode = [](const auto&) { return std::string("answer"); };
  const auto no_change = [](auto&) { return absl::OkStatus(); };
  const std::vector<std::pair<const char*, std::function<absl::Status()>>> changes{
      {"create vendor", [&] { return Vendors(*core_).Create(CallWithKey(), vendor, encode).status(); }},
      {"update vendor", [&] { return Vendors(*core_).Update(CallWithKey(), vendor_, "", no_change, encode).status(); }},
      {"deactivate vendor",
       [&] { return Vendors(*core_).SetActive(CallWithKey(), vendor_, "", false, encode).status(); }},
      {"upload logo",
       [&] {
         constexpr char kSvg[] =
             "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='9' height='9'/></svg>";
         return Logos(*core_).Upload(CallWithKey(), vendor_, kSvg, encode).status();
       }},
      {"create customer",
       [&] {
         const auto read = [&](const domain::Customer&) -> absl::StatusOr<domain::Customer> { return customer; };
         return Customers(*core_).Create(CallWithKey(), vendor_, read, encode).status();
       }},
      {"update contract",
       [&] { return Customers(*core_).UpdateContract(CallWithKey(), customer_, "", no_change, encode).status(); }},
      {"quick run", [&] { return RunQuick(customer_, absl::CivilDay(2026, 11, 1), CallWithKey()).status(); }}};
  const std::vector<int64_t> before = Rows();
  for (const auto& [name, change] : changes) {
    const base::ScopedDeadline late(absl::Now());
    EXPECT_TRUE(absl::IsDeadlineExceeded(change())) << name;
  }
  EXPECT_EQ(Rows(), before);
  EXPECT_EQ(Vendors(*core_).Get(vendor_)->version, vendor.version);
  // The same calls succeed in time.
  for (const auto& [name, change] : changes) {
    if (std::string_view(name) == "deactivate vendor") continue;
    EXPECT_TRUE(change().ok()) << name << ": " << change();
  }
}

}  // namespace
}  // namespace invoice::app
