// The use cases on a real PostgreSQL, with a clock that stands still and the real renderer.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "app/core.h"
#include "app/customers.h"
#include "app/invoices.h"
#include "app/vendors.h"
#include "base/secret.h"
#include "pdf/logo_drawer.h"
#include "pdf/pango_renderer.h"
#include "tests/support/environment.h"
#include "tests/support/postgres.h"

namespace invoice::app {

class AppTest : public ::testing::Test {
 protected:
  static MailRoute LocalRoute() {
    return {.smtp = {.id = "environment", .host = "localhost", .port = 25}, .from_address = "billing@example.com"};
  }

  explicit AppTest(const MailRoute& route = LocalRoute(), SmtpPasswords passwords = {})
      : mail_routes_(route, std::move(passwords)) {
    base::InitCrypto();
    core_.emplace(Core{database_, clock_, time_zones_, *renderer_, flights_, mail_routes_, logo_drawer_});
  }

  Call NewCall(std::string method = "test") const {
    return {.actor = {.id = "tester", .name = "Tester", .role = Role::kAdmin}, .method = std::move(method)};
  }

  std::string NewVendor(const std::string& locale = "en-CA") {
    domain::Vendor vendor;
    vendor.name = "Vendor";
    vendor.locale = locale;
    vendor.email = "vendor@example.com";
    const auto created = Vendors(*core_).Create(NewCall(), vendor, {});
    EXPECT_TRUE(created.ok()) << created.status();
    return created->result.id;
  }

  // A customer that can be billed: 100.00 an hour, 13 % tax, monthly.
  std::string NewCustomer(const std::string& vendor_id, std::optional<std::string> rate = "100") {
    return NewCustomerWith(vendor_id, [&](domain::Customer& customer) {
      if (rate) customer.contract.rate_per_hour = domain::UnitPrice::Parse(*rate);
      customer.contract.taxes.push_back({.name = "HST", .rate = *domain::Rate::Parse("0.13")});
    });
  }
  std::string NewCustomerWith(const std::string& vendor_id, const std::function<void(domain::Customer&)>& change) {
    const auto read = [&](domain::Customer customer) -> absl::StatusOr<domain::Customer> {
      customer.name = "Customer";
      customer.email = "customer@example.com";
      change(customer);
      return customer;
    };
    const auto created = Customers(*core_).Create(NewCall(), vendor_id, read, {});
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? created->result.id : "";
  }

  // The timesheet as it is given, in the currency of the contract.
  absl::StatusOr<Outcome<KeptTimesheet>> Put(const domain::Timesheet& timesheet, const std::string& etag = "") {
    const auto read = [&](const domain::Customer&) -> absl::StatusOr<domain::Timesheet> { return timesheet; };
    return Customers(*core_).PutTimesheet(NewCall(), timesheet.customer_id, etag, read, {});
  }

  absl::StatusOr<Outcome<SingleRun>> RunQuick(const std::string& customer_id, absl::CivilDay run_date, const Call& call,
                                              bool send_email = false) {
    return Invoices(*core_).RunQuick(call,
                                     {.customer_id = customer_id,
                                      .run_date = run_date,
                                      .hours = *domain::Quantity::Parse("7.5"),
                                      .send_email = send_email},
                                     [](const SingleRun& run) { return run.invoice.document.number; });
  }

  // The number of rows of a table.
  int64_t Count(const char* table) {
    // A session keeps each statement under its name, which must stay as long: each text is a name of its own.
    static std::set<std::string> texts;
    const std::string& text = *texts.insert(std::string("SELECT count(*) AS count FROM ") + table).first;
    const store::Sql sql{text.c_str(), text.c_str()};
    auto transaction = database_.Begin();
    auto row = transaction->QueryRow(sql, {});
    EXPECT_TRUE(row.ok()) << row.status();
    return (*row)->Int("count");
  }

  std::string url_ = test::Postgres::Instance().NewDatabase();
  store::Database database_{store::DatabaseOptions{.url = url_}};
  base::FakeClock clock_{absl::FromCivil(absl::CivilSecond(2026, 11, 23, 15, 0, 0), absl::UTCTimeZone())};
  base::TimeZones time_zones_ = base::TimeZones::Load().value();
  std::unique_ptr<pdf::PangoInvoiceRenderer> renderer_ = pdf::PangoInvoiceRenderer::Create().value();
  Flights flights_;
  MailRoutes mail_routes_;
  pdf::LogoDrawer logo_drawer_{{test::BinDir() + "/draw_logo"}};
  std::optional<Core> core_;
};

}  // namespace invoice::app
