// What the schema itself guarantees, whoever writes: tried with plain SQL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libpq-fe.h>

#include <string>

#include "fmt/format.h"
#include "tests/support/postgres.h"

namespace invoice {
namespace {

using ::testing::HasSubstr;

constexpr char kVendor[] = "01900000-0000-7000-8000-000000000001";
constexpr char kOtherVendor[] = "01900000-0000-7000-8000-000000000002";
constexpr char kCustomer[] = "01900000-0000-7000-8000-000000000011";
constexpr char kRun[] = "01900000-0000-7000-8000-000000000021";
constexpr char kInvoice[] = "01900000-0000-7000-8000-000000000031";
constexpr char kSecond[] = "01900000-0000-7000-8000-000000000032";

class SchemaTest : public testing::Test {
 protected:
  void SetUp() override {
    auto& postgres = invoice::test::Postgres::Instance();
    const std::string url = postgres.NewDatabase();
    app_ = PQconnectdb(url.c_str());
    owner_ = PQconnectdb(postgres.OwnerUrl(url).c_str());
    for (const char* vendor : {kVendor, kOtherVendor}) {
      Must(fmt::format(
          "INSERT INTO vendors VALUES ('{}', 'V', '', '', '', '', 'CAD', 'en-CA', 'LETTER', '#000000', NULL, '{{}}', "
          "'{{}}', '{{SEQ:4}}', 'C{{SEQ:4}}', NULL, true, 1, now(), now(), '')",
          vendor));
    }
    Must(fmt::format(
        "INSERT INTO customers VALUES ('{}', '{}', 'C', '', '[]', '', '', '', '', '{{}}', true, 1, now(), now(), '[]')",
        kCustomer, kVendor));
    Must(fmt::format(
        "INSERT INTO runs VALUES ('{}', '{}', 'QUICK', 'SUCCEEDED', '2026-11-01', false, 'test', 1, 1, 0, 0, 0, now(), "
        "now(), 1)",
        kRun, kVendor));
  }

  void TearDown() override {
    PQfinish(app_);
    PQfinish(owner_);
  }

  // The server's complaint; empty where the statement succeeded.
  std::string Try(const std::string& sql, PGconn* connection = nullptr) {
    PGresult* result = PQexec(connection == nullptr ? app_ : connection, sql.c_str());
    const std::string error = PQresultErrorMessage(result);
    PQclear(result);
    return error;
  }
  void Must(const std::string& sql) { ASSERT_EQ(Try(sql), "") << sql; }

  std::string InsertInvoice(const std::string& id, const std::string& number, const std::string& issued_at) {
    return fmt::format(
        "INSERT INTO invoices (id, vendor_id, customer_id, run_id, kind, mode, number, invoice_on, due_on, "
        "period_start_on, "
        "period_end_on, currency_code, vendor_snapshot, customer_snapshot, customer_name, contractor_name, "
        "service_location, "
        "purchase_order, buyer_reference, payment_terms_kind, payment_terms_days, notes, duplicate_reason, "
        "rounding_version, "
        "subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor, created_at, issued_at, version, "
        "updated_at) VALUES "
        "('{}', '{}', '{}', '{}', 'INVOICE', 'QUICK', {}, '2026-11-01', '2026-12-01', '2026-10-01', '2026-10-31', "
        "'CAD', '{{}}', "
        "'{{}}', 'C', '', '', '', '', 'NET', 30, '', '', 1, 100, 0, 100, 13, 113, now(), {}, 1, now())",
        id, kVendor, kCustomer, kRun, number, issued_at);
  }
  std::string InsertLine(const std::string& id, int line_no) {
    return fmt::format("INSERT INTO invoice_lines VALUES ('{}', '{}', {}, 'Work', 1, 'HOUR', 1, 0, 100, '[]')", id,
                       kVendor, line_no);
  }
  std::string Claim(const std::string& id, const std::string& days) {
    return fmt::format("INSERT INTO period_claims VALUES ('{}', '{}', '{}', '{}')", id, kVendor, kCustomer, days);
  }

  PGconn* app_ = nullptr;
  PGconn* owner_ = nullptr;
};

TEST_F(SchemaTest, RefusesTwoInvoicesForOneDay) {
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  Must(InsertInvoice(kSecond, "'A-2'", "now()"));
  Must(Claim(kInvoice, "[2026-10-01,2026-10-31]"));
  EXPECT_THAT(Try(Claim(kSecond, "[2026-10-31,2026-11-30]")), HasSubstr("period_claims_no_overlap"));
  EXPECT_THAT(Try(Claim(kSecond, "[2026-10-31,2026-11-30]"), owner_), HasSubstr("period_claims_no_overlap"));
  EXPECT_EQ(Try(Claim(kSecond, "[2026-11-01,2026-11-30]")), "");
}

TEST_F(SchemaTest, RefusesAClaimWithoutItsInvoice) {
  EXPECT_THAT(Try(Claim(kInvoice, "[2026-10-01,2026-10-31]")), HasSubstr("period_claims_invoice_fkey"));
}

TEST_F(SchemaTest, RefusesOneNumberTwice) {
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  EXPECT_THAT(Try(InsertInvoice(kSecond, "'A-1'", "now()")), HasSubstr("invoices_vendor_id_number_key"));
}

TEST_F(SchemaTest, KeepsIssuedContentAsItIs) {
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  for (const char* change :
       {"total_minor = 114, tax_minor = 14", "number = 'A-9'", "customer_name = 'D'", "due_on = '2027-01-01'",
        "vendor_snapshot = '{\"name\":\"X\"}'", "issued_at = NULL, number = NULL", "created_in = '3'"}) {
    for (PGconn* connection : {app_, owner_}) {
      EXPECT_THAT(Try(fmt::format("UPDATE invoices SET {} WHERE id = '{}'", change, kInvoice), connection),
                  HasSubstr("issued"))
          << change;
    }
  }
  EXPECT_THAT(Try(fmt::format("DELETE FROM invoices WHERE id = '{}'", kInvoice)), HasSubstr("cannot be deleted"));
  EXPECT_EQ(
      Try(fmt::format("UPDATE invoices SET paid_minor = 5, delivery = 'SENT', version = 2 WHERE id = '{}'", kInvoice)),
      "");
}

TEST_F(SchemaTest, LetsADraftChangeAndGo) {
  Must(InsertInvoice(kInvoice, "NULL", "NULL"));
  Must(InsertLine(kInvoice, 1));
  EXPECT_EQ(Try(fmt::format("UPDATE invoices SET customer_name = 'D' WHERE id = '{}'", kInvoice)), "");
  EXPECT_EQ(Try(fmt::format("UPDATE invoice_lines SET description = 'Other' WHERE invoice_id = '{}'", kInvoice)), "");
  EXPECT_EQ(Try(fmt::format("DELETE FROM invoice_lines WHERE invoice_id = '{}'", kInvoice)), "");
  EXPECT_EQ(Try(fmt::format("DELETE FROM invoices WHERE id = '{}'", kInvoice)), "");
}

TEST_F(SchemaTest, KeepsTheLinesOfAnIssuedInvoice) {
  Must("BEGIN");
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  Must(InsertLine(kInvoice, 1));
  Must("COMMIT");
  EXPECT_THAT(Try(InsertLine(kInvoice, 2)), HasSubstr("cannot be added to"));
  EXPECT_THAT(Try(fmt::format("UPDATE invoice_lines SET amount_minor = 1 WHERE invoice_id = '{}'", kInvoice)),
              HasSubstr("issued"));
  EXPECT_THAT(Try(fmt::format("DELETE FROM invoice_lines WHERE invoice_id = '{}'", kInvoice)), HasSubstr("issued"));
}

TEST_F(SchemaTest, StoresADocumentOnce) {
  const std::string a(64, 'a'), b(64, 'b');
  Must(fmt::format(
      "INSERT INTO blobs VALUES ('{}', 'application/pdf', '1', now()), ('{}', 'application/pdf', '2', now())", a, b));
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  EXPECT_EQ(Try(fmt::format("UPDATE invoices SET document_sha256 = '{}' WHERE id = '{}'", a, kInvoice)), "");
  EXPECT_THAT(Try(fmt::format("UPDATE invoices SET document_sha256 = '{}' WHERE id = '{}'", b, kInvoice)),
              HasSubstr("cannot be replaced"));
  EXPECT_THAT(Try(fmt::format("UPDATE blobs SET bytes = '3' WHERE sha256 = '{}'", a)), HasSubstr("permission denied"));
}

TEST_F(SchemaTest, KeepsRowsWithinTheirVendor) {
  EXPECT_THAT(
      Try(fmt::format(
          "INSERT INTO timesheets VALUES ('{}', '{}', '2026-10-01', '2026-10-31', 1, 'CAD', '[]', '', 1, now())",
          kCustomer, kOtherVendor)),
      HasSubstr("timesheets_customer_fkey"));
}

TEST_F(SchemaTest, AddsUpOrRefuses) {
  std::string sql = InsertInvoice(kInvoice, "'A-1'", "now()");
  sql.replace(sql.find("100, 13, 113"), 12, "100, 13, 114");
  EXPECT_THAT(Try(sql), HasSubstr("invoices_total_adds_up"));
}

TEST_F(SchemaTest, KeepsTheAuditTrail) {
  Must(
      fmt::format("INSERT INTO audit_events (id, at, actor_id, actor_name, action, resource, resource_id, request_id, "
                  "remote) VALUES "
                  "('{0}', now(), 'a', 'a', 'create', 'vendor', '{0}', '', '')",
                  kVendor));
  EXPECT_THAT(Try("UPDATE audit_events SET actor_id = 'b'"), HasSubstr("permission denied"));
  EXPECT_THAT(Try("UPDATE audit_events SET actor_id = 'b'", owner_), HasSubstr("append-only"));
  EXPECT_THAT(Try("DELETE FROM audit_events", owner_), HasSubstr("append-only"));
  EXPECT_THAT(Try("TRUNCATE audit_events", owner_), HasSubstr("append-only"));
}

TEST_F(SchemaTest, KeepsOneJobForASubject) {
  const std::string job = fmt::format(
      "INSERT INTO jobs (id, kind, subject_id, run_at, urgency) VALUES (gen_random_uuid(), 'SEND_EMAIL', '{}', now(), "
      "0)",
      kInvoice);
  Must(job);
  EXPECT_THAT(Try(job), HasSubstr("jobs_kind_subject_key"));
}

constexpr char kPayment[] = "01900000-0000-7000-8000-000000000041";

std::string InsertPayment(int amount_minor, const char* currency = "CAD") {
  return fmt::format(
      "INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, reference, "
      "notes, "
      "created_at, version, updated_at) VALUES ('{}', '{}', '{}', '2026-11-01', {}, '{}', 'CASH', '', '', now(), 1, "
      "now())",
      kPayment, kVendor, kCustomer, amount_minor, currency);
}

std::string Allocate(int amount_minor, const char* reason = "ALLOCATED") {
  return fmt::format(
      "INSERT INTO payment_allocations VALUES (gen_random_uuid(), '{}', '{}', '{}', '{}', {}, '{}', now())", kPayment,
      kVendor, kCustomer, kInvoice, amount_minor, reason);
}

TEST_F(SchemaTest, PaysNoMoreThanIsThereAndNoMoreThanIsOpen) {
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));  // 113
  Must(InsertPayment(200));
  for (PGconn* connection : {app_, owner_}) {
    EXPECT_THAT(Try(Allocate(114), connection), HasSubstr("invoices_settled_within_total"));
    EXPECT_THAT(Try(Allocate(201), connection), HasSubstr("payments_allocated_within_amount"));
    EXPECT_THAT(Try(Allocate(-1, "REVERSED"), connection), HasSubstr("payments_allocated_within_amount"));
    EXPECT_THAT(Try(Allocate(-1), connection), HasSubstr("payment_allocations_sign"));
  }
  Must(Allocate(100));
  EXPECT_THAT(Try("UPDATE invoices SET credited_minor = 14"), HasSubstr("invoices_settled_within_total"));
  EXPECT_THAT(Try("UPDATE invoices SET cancelled_at = now()"), HasSubstr("invoices_cancelled_unsettled"));
  EXPECT_THAT(Try("UPDATE payments SET reversed_at = now()"), HasSubstr("payments_reversed_pays_nothing"));
  Must(Allocate(-100, "REVERSED"));
  Must("UPDATE payments SET reversed_at = now()");
  EXPECT_THAT(Try(Allocate(1)), HasSubstr("can be reversed once"));
}

TEST_F(SchemaTest, PaysNothingThatIsNotIssuedOrInAnotherCurrency) {
  Must(InsertInvoice(kInvoice, "NULL", "NULL"));
  Must(InsertPayment(200, "EUR"));
  EXPECT_THAT(Try(Allocate(1)), HasSubstr("issued invoices in its currency"));
  Must("UPDATE invoices SET issued_at = now(), number = 'A-1'");
  EXPECT_THAT(Try(Allocate(1)), HasSubstr("issued invoices in its currency"));
}

TEST_F(SchemaTest, KeepsPaymentsAndAllocationsAsTheyWereRecorded) {
  Must(InsertInvoice(kInvoice, "'A-1'", "now()"));
  Must(InsertPayment(200));
  Must(Allocate(10));
  EXPECT_THAT(Try("UPDATE payments SET amount_minor = 300", owner_), HasSubstr("is recorded"));
  EXPECT_THAT(Try("DELETE FROM payments", owner_), HasSubstr("is recorded"));
  EXPECT_THAT(Try("UPDATE payment_allocations SET amount_minor = 11", owner_), HasSubstr("append-only"));
  EXPECT_THAT(Try("DELETE FROM payment_allocations", owner_), HasSubstr("append-only"));
  EXPECT_THAT(Try("DELETE FROM payment_allocations"), HasSubstr("permission denied"));
  EXPECT_EQ(Try("UPDATE payments SET reference = 'mended'"), "");
}

}  // namespace
}  // namespace invoice
