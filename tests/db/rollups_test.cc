// What the triggers write down about invoices and payments is what a query over all of them says, after any operation,
// folded or not. The seed is printed; INVOICE_SEED repeats a run.
#include <gtest/gtest.h>

#include <random>

#include "fmt/format.h"
#include "store/dashboard.h"
#include "tests/support/environment.h"
#include "tests/support/plain_sql.h"
#include "tests/support/postgres.h"

namespace invoice {
namespace {

constexpr int kOperations = 120;
constexpr int kCustomers = 4;
constexpr const char* kZones[] = {"UTC", "Asia/Tokyo", "America/Toronto"};

// The figures from the rollups and from the books, each as one text, in order.
constexpr char kByRollups[] =
    "SELECT coalesce(string_agg(line, ' ' ORDER BY line), '') FROM (SELECT concat_ws('|', figure, vendor_id, "
    "currency_code, on_day, time_zone, sum(document_count), sum(amount_minor), sum(net_minor)) AS line FROM (SELECT "
    "figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor FROM rollups UNION "
    "ALL SELECT figure, vendor_id, currency_code, on_day, time_zone, document_count, amount_minor, net_minor FROM "
    "rollup_deltas) f GROUP BY figure, vendor_id, currency_code, on_day, time_zone HAVING sum(document_count) <> 0 OR "
    "sum(amount_minor) <> 0 OR sum(net_minor) <> 0) AS lines";
constexpr char kByBooks[] =
    "SELECT coalesce(string_agg(line, ' ' ORDER BY line), '') FROM ("
    "SELECT concat_ws('|', 'DRAFT', vendor_id, currency_code, '1970-01-01', '', count(*), 0, 0) AS line FROM invoices "
    "WHERE issued_at IS NULL AND cancelled_at IS NULL GROUP BY vendor_id, currency_code "
    "UNION ALL SELECT concat_ws('|', 'ISSUED', vendor_id, currency_code, date_trunc('month', invoice_on)::date, '', "
    "count(*), sum(total_minor), sum(taxable_minor)) FROM invoices WHERE issued_at IS NOT NULL AND cancelled_at IS "
    "NULL "
    "GROUP BY vendor_id, currency_code, date_trunc('month', invoice_on) "
    "UNION ALL SELECT concat_ws('|', 'OPEN', i.vendor_id, i.currency_code, i.due_on, s.time_zone, count(*), "
    "sum(i.total_minor - i.paid_minor - i.credited_minor), 0) FROM invoices i JOIN schedules s USING (customer_id) "
    "WHERE i.issued_at IS NOT NULL AND i.cancelled_at IS NULL AND i.total_minor > i.paid_minor + i.credited_minor AND "
    "i.total_minor >= 0 GROUP BY i.vendor_id, i.currency_code, i.due_on, s.time_zone "
    "UNION ALL SELECT concat_ws('|', 'PAID', vendor_id, currency_code, month, '', sum(count), sum(minor), 0) FROM ("
    "SELECT vendor_id, currency_code, date_trunc('month', paid_on)::date AS month, 1 AS count, amount_minor AS minor "
    "FROM payments UNION ALL SELECT vendor_id, currency_code, date_trunc('month', reversed_at)::date, "
    "CASE WHEN date_trunc('month', reversed_at)::date = date_trunc('month', paid_on)::date THEN -1 ELSE 0 END, "
    "-amount_minor FROM payments WHERE reversed_at IS NOT NULL) AS p GROUP BY vendor_id, currency_code, month "
    "HAVING sum(count) <> 0 OR sum(minor) <> 0) AS lines";

class RollupsTest : public testing::Test {
 protected:
  RollupsTest() {
    sql_.Must(
        "INSERT INTO vendors SELECT gen_random_uuid(), 'V', '', '', '', '', 'CAD', 'en-CA', 'LETTER', '#000000', NULL, "
        "'{}', '{}', '{SEQ:4}', 'C{SEQ:4}', NULL, true, 1, now(), now(), '' FROM generate_series(1, 2)");
    for (int i = 0; i < kCustomers; ++i) NewCustomer(i);
  }

  int Random(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  std::string Customer(int i) { return fmt::format("01900000-0000-7000-8000-00000000001{}", i); }

  void NewCustomer(int i) {
    const std::string vendor = fmt::format("(SELECT id FROM vendors ORDER BY id OFFSET {} LIMIT 1)", i % 2);
    sql_.Must(
        fmt::format("INSERT INTO customers VALUES ('{}', {}, 'C', '', '[]', '', '', '', '', '{{}}', true, 1, now(), "
                    "now(), '[]')",
                    Customer(i), vendor));
    sql_.Must(fmt::format(
        "INSERT INTO schedules (customer_id, vendor_id, enabled, auto_send_email, auto_issue, time_zone, "
        "billing_weekday, anchor_on, billing_day, missed_run_policy, max_catch_up, version, updated_at) VALUES ('{}', "
        "{}, false, false, true, 'UTC', 0, '2026-01-01', 1, 'CATCH_UP', 3, 1, now())",
        Customer(i), vendor));
  }

  // `count` invoices or drafts of one customer by one statement, as a batch writes them.
  void InsertInvoices(int count, bool drafts) {
    const std::string day = fmt::format("DATE '2026-10-20' + {}", Random(60));
    sql_.Must(fmt::format(
        "INSERT INTO invoices (id, vendor_id, customer_id, kind, mode, number, invoice_on, due_on, period_start_on, "
        "period_end_on, currency_code, vendor_snapshot, customer_snapshot, customer_name, contractor_name, "
        "service_location, purchase_order, buyer_reference, payment_terms_kind, payment_terms_days, notes, "
        "duplicate_reason, rounding_version, subtotal_minor, discount_minor, taxable_minor, tax_minor, total_minor, "
        "created_at, issued_at, version, updated_at) SELECT gen_random_uuid(), c.vendor_id, c.id, 'INVOICE', 'QUICK', "
        "{0}, {1}, {1} + n % 3 * 10, {1}, {1}, CASE WHEN n % 2 = 0 THEN 'CAD' ELSE 'JPY' END, '{{}}', '{{}}', 'C', '', "
        "'', '', '', 'NET', 30, '', '', 1, n * 100, 0, n * 100, n, n * 101, now(), {2}, 1, now() FROM customers c, "
        "generate_series(0, {3}) AS n WHERE c.id = '{4}'",
        drafts ? "NULL" : "gen_random_uuid()::text", day, drafts ? "NULL" : "now()", count - 1,
        Customer(Random(kCustomers))));
  }

  // A few invoices that are still open, or drafts, by a condition.
  std::string Some(const std::string& condition) {
    return fmt::format("id IN (SELECT id FROM invoices WHERE {} ORDER BY md5(id::text || '{}') LIMIT {})", condition,
                       Random(1000), 1 + Random(4));
  }

  void Pay() {
    sql_.Must(
        "INSERT INTO payments (id, vendor_id, customer_id, paid_on, amount_minor, currency_code, method, "
        "reference, notes, created_at, version, updated_at) SELECT gen_random_uuid(), vendor_id, customer_id, "
        "invoice_on, total_minor, currency_code, 'CARD', '', '', now(), 1, now() FROM invoices WHERE total_minor "
        "> 0 ORDER BY id LIMIT 2");
    sql_.Must(
        "UPDATE invoices SET paid_minor = CASE WHEN total_minor % 2 = 0 THEN total_minor ELSE total_minor / 2 END "
        "WHERE " +
        Some("open_due_on IS NOT NULL"));
  }

  void DoSomething() {
    switch (Random(9)) {
      case 0:
        return InsertInvoices(1 + Random(20), /*drafts=*/false);
      case 1:
        return InsertInvoices(1 + Random(3), /*drafts=*/true);
      case 2:
        return Pay();
      case 3:
        return sql_.Must("UPDATE invoices SET cancelled_at = now() WHERE " +
                         Some("open_due_on IS NOT NULL AND paid_minor + credited_minor = 0"));
      case 4:
        return sql_.Must("UPDATE invoices SET credited_minor = total_minor - paid_minor WHERE " +
                         Some("open_due_on IS NOT NULL"));
      case 5:
        return sql_.Must("DELETE FROM invoices WHERE " + Some("stage = 'DRAFT'"));
      case 6:
        return sql_.Must(
            "UPDATE invoices SET issued_at = now(), number = gen_random_uuid()::text, invoice_on = "
            "'2026-12-24', due_on = '2026-12-31' WHERE " +
            Some("stage = 'DRAFT'"));
      case 7:
        return sql_.Must(fmt::format("UPDATE schedules SET time_zone = '{}' WHERE customer_id = '{}'",
                                     kZones[Random(3)], Customer(Random(kCustomers))));
      default:
        return sql_.Must(
            "UPDATE payments SET reversed_at = '2026-11-15T12:00Z' WHERE reversed_at IS NULL AND id IN (SELECT id FROM "
            "payments ORDER BY md5(id::text) LIMIT 1)");
    }
  }

  void Fold(absl::CivilDay today, int limit) {
    auto transaction = database_.Begin();
    ASSERT_TRUE(store::Dashboard(*transaction).Fold(absl::FromCivil(today, absl::UTCTimeZone()), limit).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  unsigned seed_ =
      static_cast<unsigned>(std::stoul(test::Env("INVOICE_SEED", std::to_string(std::random_device{}() % 100000))));
  std::minstd_rand random_{seed_};
  std::string url_ = test::Postgres::Instance().NewDatabase();
  test::PlainSql sql_{url_};
  store::Database database_{store::DatabaseOptions{.url = url_}};
};

TEST_F(RollupsTest, AreWhatAQueryOverAllSaysAfterAnyOperation) {
  std::printf("seed %u\n", seed_);
  for (int i = 0; i < kOperations && !HasFailure(); ++i) {
    DoSomething();
    if (Random(4) == 0) Fold(absl::CivilDay(2026, 11, 1), 1 + Random(5));
    ASSERT_EQ(sql_.Cell(kByRollups), sql_.Cell(kByBooks)) << "after operation " << i;
  }
  EXPECT_NE(sql_.Cell(kByRollups), "");
}

TEST_F(RollupsTest, WriteOneDeltaForAFigureHoweverManyRowsAStatementHas) {
  InsertInvoices(500, /*drafts=*/false);
  EXPECT_EQ(
      sql_.Cell("SELECT max(n) FROM (SELECT count(*) AS n FROM rollup_deltas GROUP BY figure, currency_code, on_day, "
                "time_zone) AS deltas"),
      "1");
  EXPECT_EQ(sql_.Cell("SELECT sum(document_count) FROM rollup_deltas WHERE figure = 'ISSUED'"), "500");
}

TEST_F(RollupsTest, WriteNothingForAChangeThatChangesNoFigure) {
  InsertInvoices(3, /*drafts=*/false);
  const std::string before = sql_.Cell("SELECT count(*) FROM rollup_deltas");
  sql_.Must("UPDATE invoices SET delivery = 'QUEUED', sent_note = 'x'");
  EXPECT_EQ(sql_.Cell("SELECT count(*) FROM rollup_deltas"), before);
}

TEST_F(RollupsTest, KeepTheSumOfWhatIsOverdueForLongInOneRow) {
  for (int i = 0; i < 5; ++i) InsertInvoices(10, /*drafts=*/false);
  const std::string open = "SELECT sum(amount_minor) FROM rollups WHERE figure = 'OPEN'";
  Fold(absl::CivilDay(2026, 11, 1), 1000);
  const std::string before = sql_.Cell(open);
  Fold(absl::CivilDay(2028, 1, 1), 1000);
  EXPECT_EQ(sql_.Cell(open), before);
  EXPECT_EQ(sql_.Cell("SELECT max(n) FROM (SELECT count(*) AS n FROM rollups WHERE figure = 'OPEN' GROUP BY vendor_id, "
                      "currency_code) AS lines"),
            "1");
  // What is paid later goes into the same row.
  sql_.Must("UPDATE invoices SET paid_minor = total_minor WHERE total_minor > 0");
  Fold(absl::CivilDay(2028, 1, 1), 1000);
  EXPECT_EQ(sql_.Cell("SELECT count(*) FROM rollups WHERE figure = 'OPEN'"), "0");
}

}  // namespace
}  // namespace invoice
