// The way to PostgreSQL: bounded waits, honest errors, recovery without a restart.
#include "store/database.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "base/deadline.h"
#include "base/status.h"
#include "store/statements.h"
#include "tests/support/plain_sql.h"
#include "tests/support/postgres.h"

namespace invoice::store {
namespace {

using ::testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  invoice::test::Postgres& postgres_ = invoice::test::Postgres::Instance();
  std::string url_ = postgres_.NewDatabase();
};

TEST_F(DatabaseTest, AnswersUnavailableWhenAllSessionsAreTaken) {
  Database database({.url = url_, .pool_size = 1, .wait = absl::Milliseconds(50)});
  auto first = database.Begin();
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = database.Begin();
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(absl::IsUnavailable(second.status()));
  EXPECT_EQ(base::DetailOf(second.status()).reason, base::Reason::kOverloaded);
  EXPECT_TRUE(base::DetailOf(second.status()).retry_after.has_value());
}

TEST_F(DatabaseTest, GivesTheSessionBackWhenTheTransactionEnds) {
  Database database({.url = url_, .pool_size = 1, .wait = absl::Milliseconds(50)});
  for (int i = 0; i < 3; ++i) {
    auto transaction = database.Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    EXPECT_TRUE(transaction->Query(sql::kPing, {}).ok());
  }
}

TEST_F(DatabaseTest, ForgetsWhatWasNotCommitted) {
  Database database({.url = url_});
  const std::string sha(64, 'a');
  const Params blob = {{"sha256", sha}, {"content_type", "text/plain"}, {"bytes", "00"}, {"now", absl::Now()}};
  {
    auto transaction = database.Begin();
    ASSERT_TRUE(transaction->Execute(sql::kBlobInsert, blob).ok());
  }
  auto transaction = database.Begin();
  const auto rows = transaction->QueryBytes(sql::kBlobGet, sha);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_TRUE(rows->empty());
}

TEST_F(DatabaseTest, KeepsNothingAfterTheDeadlineOfTheCall) {
  Database database({.url = url_, .pool_size = 1});
  const std::string sha(64, 'a');
  const Params blob = {{"sha256", sha}, {"content_type", "text/plain"}, {"bytes", "00"}, {"now", absl::Now()}};
  const auto insert = [&]() -> absl::Status {
    auto transaction = database.Begin();
    EXPECT_TRUE(transaction->Execute(sql::kBlobInsert, blob).ok());
    return transaction->Commit();
  };
  const auto stored = [&] { return database.Begin()->QueryBytes(sql::kBlobGet, sha)->size(); };
  {
    const base::ScopedDeadline late(absl::Now());
    const base::ScopedDeadline later(absl::InfiniteFuture());  // does not lengthen it
    EXPECT_TRUE(absl::IsDeadlineExceeded(insert()));
  }
  EXPECT_EQ(stored(), 0);
  {
    const base::ScopedDeadline far(absl::Now() + absl::Hours(1));
    EXPECT_TRUE(insert().ok());
  }
  EXPECT_EQ(stored(), 1);
}

TEST_F(DatabaseTest, ReadsBytesAsTheyAre) {
  static constexpr Sql kBytes{"bytes", "SELECT $1::text AS asked, '\\x0041ff'::bytea AS bytes, NULL::text AS nothing"};
  Database database({.url = url_});
  auto transaction = database.Begin();
  const auto rows = transaction->QueryBytes(kBytes, "é");
  ASSERT_TRUE(rows.ok()) << rows.status();
  ASSERT_EQ(rows->size(), 1);
  EXPECT_EQ(rows->front().Text("asked"), "é");
  EXPECT_EQ(rows->front().Text("bytes"), std::string("\0A\xFF", 3));
  EXPECT_TRUE(rows->front().IsNull("nothing"));
}

TEST_F(DatabaseTest, SaysWhichReadingOfBytesFailed) {
  static constexpr Sql kNone{"none", "SELECT $1::text, 1 / 0"};
  Database database({.url = url_});
  auto transaction = database.Begin();
  const absl::Status status = transaction->QueryBytes(kNone, "secret").status();
  EXPECT_THAT(std::string(status.message()), HasSubstr("none"));
  EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("secret")));
}

class PlanTest : public DatabaseTest {
 protected:
  PlanTest() {
    owner_.Must("CREATE TABLE growing (id integer PRIMARY KEY) WITH (autovacuum_enabled = false)");
    owner_.Must("GRANT SELECT ON growing TO invoice_app");
    owner_.Must("ANALYZE growing");
  }

  // The plan of a statement that was used until PostgreSQL kept one for it, once its table has grown.
  std::string PlanAfterGrowth(absl::Duration plan_life) {
    static constexpr Sql kFind{"find", "SELECT id::text FROM growing WHERE id = :id::integer"};
    static constexpr Sql kName{"name", "SELECT name FROM pg_prepared_statements WHERE statement LIKE 'SELECT id%'"};
    Database database({.url = url_, .pool_size = 1, .plan_life = plan_life});
    std::string name;
    {
      auto transaction = database.Begin().value();
      for (int i = 0; i < 6; ++i) EXPECT_TRUE(transaction.Query(kFind, {{"id", i}}).ok());
      name = transaction.QueryRow(kName, {}).value()->Text("name");
    }
    owner_.Must("INSERT INTO growing SELECT * FROM generate_series(1, 10000)");
    auto transaction = database.Begin().value();
    const std::string explain = "EXPLAIN EXECUTE " + name + "('1')";
    const Rows rows = transaction.Query({"explain", explain.c_str()}, {}).value();
    std::string plan;
    for (const Row& row : rows) plan += row.Text("QUERY PLAN");
    return plan;
  }

  invoice::test::PlainSql owner_{postgres_.OwnerUrl(url_)};
};

TEST_F(PlanTest, IsKeptForItsLife) { EXPECT_THAT(PlanAfterGrowth(absl::Hours(1)), HasSubstr("Seq Scan")); }

TEST_F(PlanTest, IsMadeAnewForATableThatGrew) {
  EXPECT_THAT(PlanAfterGrowth(absl::ZeroDuration()), HasSubstr("growing_pkey"));
}

TEST_F(DatabaseTest, RecoversByItselfAfterACrash) {
  Database database({.url = url_, .pool_size = 2});
  { ASSERT_TRUE(database.Begin()->Query(sql::kPing, {}).ok()); }
  auto open = database.Begin();
  ASSERT_TRUE(open.ok());
  postgres_.Crash();
  const auto lost = open->Query(sql::kPing, {});
  EXPECT_TRUE(absl::IsUnavailable(lost.status())) << lost.status();
  const auto down = database.Begin();
  EXPECT_TRUE(absl::IsUnavailable(down.status())) << down.status();
  EXPECT_EQ(base::DetailOf(down.status()).reason, base::Reason::kDatabaseUnavailable);
  postgres_.Start();
  auto back = database.Begin();
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_TRUE(back->Query(sql::kPing, {}).ok());
}

TEST_F(DatabaseTest, SaysWhichSchemaItNeeds) {
  Database database({.url = url_});
  EXPECT_EQ(database.CheckSchema(), absl::OkStatus());
  Database owner({.url = postgres_.OwnerUrl(url_)});
  {
    static constexpr Sql kOlder{
        "older", "DELETE FROM schema_migrations WHERE version = (SELECT max(version) FROM schema_migrations)"};
    auto transaction = owner.Begin();
    ASSERT_TRUE(transaction->Execute(kOlder, {}).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  const absl::Status status = database.CheckSchema();
  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("this build needs 2026"));
}

TEST_F(DatabaseTest, KeepsTextAsItIs) {
  static constexpr Sql kEcho{"echo", "SELECT :text::text AS text, (:missing::text IS NULL)::text AS missing"};
  Database database({.url = url_});
  auto transaction = database.Begin();
  for (const std::string text : {"", "O'Brien :x ::y $1 \\ \"q\"", "東京 \n \t", "%_;--"}) {
    auto row = transaction->QueryRow(kEcho, {{"text", text}, {"missing", std::nullopt}});
    ASSERT_TRUE(row.ok()) << row.status();
    EXPECT_EQ((*row)->Text("text"), text);
    EXPECT_TRUE((*row)->Bool("missing"));
  }
}

}  // namespace
}  // namespace invoice::store
