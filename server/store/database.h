// The way to PostgreSQL: a bounded pool of SOCI sessions, transactions, named statements. The only place that sees SOCI
// and libpq. Waiting for a session is bounded; a lost connection fails the transaction that held it and is replaced on
// next use, so the database may restart under us. Database is thread-safe; a Transaction belongs to one thread.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/limits.h"
#include "store/row.h"
#include "store/row_gates.h"
#include "store/sql.h"

namespace soci {
class session;
}
struct pg_conn;
struct pg_result;

namespace invoice::store {

struct DatabaseOptions {
  std::string url;                           // libpq URI or conninfo; holds a password, never logged
  int pool_size = base::kDefaultDbPoolSize;  // sessions, 1 to base::kMaxDbPoolSize
  absl::Duration wait = base::kPoolWait;     // for a free session, then UNAVAILABLE
  absl::Duration statement_timeout = base::kStatementTimeout;
  absl::Duration lock_timeout = base::kLockTimeout;
  absl::Duration plan_life = base::kPlanLife;
};

// Whether libpq can read the text as a URI or conninfo; it says nothing about the server.
bool IsDatabaseUrl(const std::string& url);
// The same with bounds on a silent network: a server that is gone is noticed within some ten seconds.
std::string WithNetworkBounds(const std::string& url);

class Pool;

// One unit of work on one session; rolled back where it is not committed.
class Transaction {
 public:
  Transaction(Transaction&&) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  // Runs a statement and reads all its rows.
  absl::StatusOr<Rows> Query(const Sql& sql, const Params& params);
  // Runs a statement that answers at most one row.
  absl::StatusOr<std::optional<Row>> QueryRow(const Sql& sql, const Params& params);
  // Runs a statement for its effect; the number of rows it touched.
  absl::StatusOr<int64_t> Execute(const Sql& sql, const Params& params);

  // As Query, for files: the statement has the one parameter $1 and columns of text or bytea only, whose bytes come as
  // they are, not as hexadecimal text.
  absl::StatusOr<Rows> QueryBytes(const Sql& sql, const std::string& parameter);

  // Writes many rows at once: `copy` is a statement COPY ... FROM STDIN, `rows` their text (store/copy_rows.h).
  absl::Status Copy(const Sql& copy, const std::string& rows);

  // Takes a place of a row before the row is locked; kept until the end. Nothing in a transaction without gates. A
  // status of BusyRowOf() if there is none: the transaction must end, and may run again when RowGates::Await() has
  // given a place.
  absl::Status EnterGate(const std::string& row);

  // DEADLINE_EXCEEDED, and nothing is kept, where the deadline of this thread's call (base/deadline.h) has passed.
  absl::Status Commit();

 private:
  friend class Database;
  Transaction(std::shared_ptr<Pool> pool, size_t position, bool open)
      : pool_(std::move(pool)), position_(position), open_(open) {}

  soci::session& Session();
  pg_conn* Connection();
  absl::Status Failed(const Sql& sql, const std::exception& error);
  absl::Status Failed(const Sql& sql, const pg_result* result);

  std::shared_ptr<Pool> pool_;
  size_t position_;
  bool open_;  // begun and not committed
  bool broken_ = false;
  bool gated_ = false;
  std::string held_row_;  // the caller holds a place of it
  std::vector<RowGates::Place> places_;
};

class Database {
 public:
  // Opens no connection yet: the process starts, and says it is not ready, while the database is down.
  explicit Database(DatabaseOptions options);

  absl::StatusOr<Transaction> Begin();
  // For calls of people, which wait for rows through gates. `place`: of a row, which the caller holds already.
  absl::StatusOr<Transaction> BeginGated(const std::optional<RowGates::Place>& place);
  RowGates& row_gates();
  // One statement that is a transaction by itself: one way to the server instead of three. Where the connection was
  // lost (UNAVAILABLE) it may have taken effect.
  absl::StatusOr<Rows> QueryAlone(const Sql& sql, const Params& params);

  // OK where the schema is the one this build was made for; otherwise FAILED_PRECONDITION naming both versions.
  absl::Status CheckSchema();

 private:
  absl::StatusOr<Transaction> Take(bool begin);

  std::shared_ptr<Pool> pool_;
};

}  // namespace invoice::store
