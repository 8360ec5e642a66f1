// Every amount is stored, computed and shown in its own currency, whatever becomes of the contract's meanwhile.
#include <atomic>
#include <thread>

#include "domain/money.h"
#include "tests/support/plain_sql.h"
#include "tests/unit/rpc/api_fixture.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class CurrencyTest : public ApiTest {
 protected:
  Json TimesheetOf(const std::string& amount) {
    return {{"timesheet",
             {{"customerId", customer_},
              {"periodStart", "2026-10-01"},
              {"hours", "5"},
              {"expenses", {{{"description", "Train"}, {"amount", amount}}}}}}};
  }
  Json Get() {
    return Must("CustomerService/GetTimesheet", {{"customerId", customer_}, {"periodStart", "2026-10-01"}});
  }
  Json Wizard(const std::string& discount) {
    return {
        {"customerId", customer_},
        {"invoiceDate", "2026-11-20"},
        {"periodStart", "2026-11-01"},
        {"periodEnd", "2026-11-15"},
        {"lines",
         {{{"description", "Work"}, {"quantity", "1"}, {"unitPrice", "100"}, {"discount", {{"amount", discount}}}}}}};
  }

  // Calls `method` again and again while another client changes the contract's currency to and fro.
  void Race(const std::string& method, const std::function<Json(int)>& request,
            const std::function<void(const Reply&)>& check) {
    std::jthread other([&](const std::stop_token& stop) {
      for (int i = 0; !stop.stop_requested(); ++i) SetCurrency(customer_, i % 2 == 0 ? "JPY" : "CAD");
    });
    std::map<std::string, int> seen;
    for (int i = 0; i < 2000 && (i < 60 || seen.size() < 2); ++i) {
      const Reply reply = Call(method, request(i));
      ASSERT_TRUE(reply.ok()) << reply;
      ++seen[currency_of_(reply)];
      check(reply);
    }
    EXPECT_EQ(seen.size(), 2u) << "both currencies were met";
  }

  std::string vendor_;
  std::string customer_;
  std::function<std::string(const Reply&)> currency_of_ = [](const Reply& reply) {
    return reply.json.value("currencyCode", "");
  };
  void SetUp() override {
    ApiTest::SetUp();
    vendor_ = VendorId();
    customer_ = CustomerId(vendor_);
  }
};

TEST_F(CurrencyTest, ATimesheetReadsAsItWasEnteredAfterTheContractHasAnotherCurrency) {
  EXPECT_EQ(Must("CustomerService/PutTimesheet", TimesheetOf("1000")).at("currencyCode"), "CAD");
  ASSERT_TRUE(SetCurrency(customer_, "JPY").ok());
  const Json read = Get();
  EXPECT_EQ(read.at("expenses")[0].at("amount"), "1000.00");
  EXPECT_EQ(read.at("currencyCode"), "CAD");
  // Written back as read it is not taken for another amount.
  const Reply back = Call("CustomerService/PutTimesheet", {{"timesheet", read}});
  EXPECT_THAT(back.status.error_message(), StartsWith("expenses[0].amount: expected an amount of JPY")) << back;
  // Entered anew it is of the new currency.
  EXPECT_EQ(Must("CustomerService/PutTimesheet", TimesheetOf("1000")).at("currencyCode"), "JPY");
  EXPECT_EQ(Get().at("expenses")[0].at("amount"), "1000");
}

TEST_F(CurrencyTest, APeriodIsNotBilledByExpensesOfAnotherCurrency) {
  Must("CustomerService/PutTimesheet", TimesheetOf("1000"));
  ASSERT_TRUE(SetCurrency(customer_, "JPY").ok());
  const Json manual = {{"customerId", customer_},
                       {"invoiceDate", "2026-11-01"},
                       {"periodStart", "2026-10-01"},
                       {"periodEnd", "2026-10-31"}};
  const Reply refused = Call("InvoiceService/RunManual", manual);
  EXPECT_EQ(refused.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION) << refused;
  EXPECT_THAT(refused.status.error_message(), HasSubstr("another currency")) << refused;
  const Json batch = {{"mode", "GENERATE_ALL"}, {"runDate", "2026-11-01"}, {"customerIds", {customer_}}};
  const Json plan = Must("RunService/PlanRun", batch);
  EXPECT_EQ(plan.value("invoicedCount", 0), 0) << plan;
  const Json item = Must("RunService/ListPlanItems", {{"planHash", plan.at("planHash")}}).at("items").at(0);
  EXPECT_EQ(item.at("outcome"), "HELD") << item;
  EXPECT_THAT(item.value("message", ""), HasSubstr("another currency")) << item;
  // Hours have no currency.
  Json hours = TimesheetOf("1");
  hours["timesheet"].erase("expenses");
  ASSERT_TRUE(SetCurrency(customer_, "CAD").ok());
  Must("CustomerService/PutTimesheet", hours);
  ASSERT_TRUE(SetCurrency(customer_, "JPY").ok());
  EXPECT_EQ(Must("InvoiceService/RunManual", manual).at("invoice").at("total"), "500");
}

TEST_F(CurrencyTest, TimesheetsAreStoredInTheMinorUnitsOfTheirCurrency) {
  test::PlainSql sql(url_);
  Race(
      "CustomerService/PutTimesheet", [&](int) { return TimesheetOf("1000"); },
      [&](const Reply& reply) {
        const std::string stored =
            sql.Cell("SELECT currency_code || ' ' || (expenses->0->>'amountMinor') FROM timesheets");
        EXPECT_TRUE(stored == "CAD 100000" || stored == "JPY 1000") << stored;
        EXPECT_EQ(reply.json.at("expenses")[0].at("amount"),
                  reply.json.at("currencyCode") == "JPY" ? "1000" : "1000.00");
      });
}

TEST_F(CurrencyTest, PaymentsAreStoredInTheMinorUnitsOfTheirCurrency) {
  test::PlainSql sql(url_);
  Race(
      "PaymentService/CreatePayment",
      [&](int) -> Json {
        return {{"payment", {{"customerId", customer_}, {"date", "2026-11-20"}, {"amount", "1000"}}}};
      },
      [](const Reply&) {});
  EXPECT_EQ(sql.Cell("SELECT count(*) FROM payments WHERE amount_minor <> CASE currency_code WHEN 'JPY' THEN 1000 ELSE "
                     "100000 END"),
            "0");
}

TEST_F(CurrencyTest, WizardsComputeInTheCurrencyThatTheyBill) {
  currency_of_ = [](const Reply& reply) { return reply.json.at("invoice").value("currencyCode", ""); };
  const auto check = [](const Reply& reply) {
    const Json& invoice = reply.json.at("invoice");
    EXPECT_EQ(invoice.at("total"), invoice.at("currencyCode") == "JPY" ? "60" : "60.00");
  };
  Race(
      "InvoiceService/PreviewInvoice", [&](int) { return Wizard("40"); }, check);
  Race(
      "InvoiceService/RunWizard",
      [&](int) {
        Json request = Wizard("40");
        request["draft"] = true;
        request["allowDuplicate"] = true;
        request["duplicateReason"] = "again";
        return request;
      },
      check);
}

TEST_F(CurrencyTest, NewCustomersHaveTheCurrencyOfTheirVendorAndItsMinorUnits) {
  std::jthread other([&](const std::stop_token& stop) {
    for (int i = 0; !stop.stop_requested(); ++i) {
      Must("VendorService/UpdateVendor", {{"vendor", {{"id", vendor_}, {"currencyCode", i % 2 == 0 ? "JPY" : "CAD"}}}});
    }
  });
  for (int i = 0; i < 60; ++i) {
    const Json made = Must("CustomerService/CreateCustomer",
                           {{"customer", {{"vendorId", vendor_}, {"name", "C"}, {"contract", {{"extraFees", "10"}}}}}});
    ASSERT_TRUE(made.contains("contract")) << made;
    const Json& contract = made.at("contract");
    EXPECT_EQ(contract.at("extraFees"), contract.at("currencyCode") == "JPY" ? "10" : "10.00");
  }
}

TEST_F(CurrencyTest, ExtraFeesAndRateKeepTheirDecimalMeaning) {
  const auto change = [&](const Json& contract) {
    Json changed = contract;
    changed["customerId"] = customer_;
    return Call("CustomerService/UpdateContract", {{"contract", changed}});
  };
  ASSERT_TRUE(change({{"extraFees", "10.00"}, {"ratePerHour", "95.5"}}).ok());
  Reply reply = change({{"currencyCode", "JPY"}});
  ASSERT_TRUE(reply.ok()) << reply;
  EXPECT_EQ(reply.json.at("extraFees"), "10");
  EXPECT_EQ(reply.json.at("ratePerHour"), "95.5");
  reply = change({{"currencyCode", "KWD"}});
  ASSERT_TRUE(reply.ok()) << reply;
  EXPECT_EQ(reply.json.at("extraFees"), "10.000");
  ASSERT_TRUE(change({{"extraFees", "10.5"}}).ok());
  reply = change({{"currencyCode", "JPY"}});
  EXPECT_THAT(reply.status.error_message(), StartsWith("extraFees: expected an amount of JPY")) << reply;
  EXPECT_EQ(Must("CustomerService/GetContract", {{"customerId", customer_}}).at("extraFees"), "10.500");
  reply = change({{"currencyCode", "CAD"}});
  ASSERT_TRUE(reply.ok()) << reply;
  EXPECT_EQ(reply.json.at("extraFees"), "10.50");
  // Given together with the currency they are of the new one.
  reply = change({{"currencyCode", "JPY"}, {"extraFees", "11"}});
  ASSERT_TRUE(reply.ok()) << reply;
  EXPECT_EQ(reply.json.at("extraFees"), "11");
  reply = change({{"currencyCode", "CAD"}, {"extraFees", "11.005"}});
  EXPECT_THAT(reply.status.error_message(), StartsWith("extraFees: expected an amount of CAD")) << reply;
  reply = change({{"currencyCode", "UYW"}});
  ASSERT_TRUE(reply.ok()) << reply;
  EXPECT_EQ(reply.json.at("extraFees"), "11.0000");
}

TEST_F(CurrencyTest, AllocationsAndPaymentsOfInvoicesKeepTheirCurrencyToo) {
  const Json made = Must("InvoiceService/RunManual", {{"customerId", customer_},
                                                      {"invoiceDate", "2026-11-01"},
                                                      {"periodStart", "2026-10-01"},
                                                      {"periodEnd", "2026-10-31"}});
  const std::string invoice = made.at("invoice").at("id");
  const std::string payment =
      Must("PaymentService/CreatePayment",
           {{"payment", {{"customerId", customer_}, {"date", "2026-11-20"}, {"amount", "100"}}}})
          .at("id");
  ASSERT_TRUE(SetCurrency(customer_, "JPY").ok());
  const Json allocated = Must("PaymentService/AllocatePayment",
                              {{"id", payment}, {"allocations", {{{"invoiceId", invoice}, {"amount", "12.34"}}}}});
  EXPECT_EQ(allocated.at("unappliedAmount"), "87.66");
  const Json paid =
      Must("PaymentService/CreateInvoicePayment", {{"invoiceId", invoice}, {"date", "2026-11-20"}, {"amount", "0.01"}});
  EXPECT_EQ(paid.at("amount"), "0.01");
  EXPECT_EQ(paid.at("currencyCode"), "CAD");
  EXPECT_EQ(Must("PaymentService/GetPayment", {{"id", payment}}).at("amount"), "100.00");
  const Json statement = Must("CustomerService/GetStatement", {{"customerId", customer_}});
  EXPECT_EQ(statement.at("items")[0].at("amountDue"), "987.65");
  EXPECT_EQ(statement.at("items")[0].at("currencyCode"), "CAD");
}

}  // namespace
}  // namespace invoice::rpc
