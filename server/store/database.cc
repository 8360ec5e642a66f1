#include "store/database.h"

#include <libpq-fe.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/deadline.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "fmt/format.h"
#include "store/errors.h"
#include "store/schema_versions.h"
#include "store/statements.h"

namespace invoice::store {

// One statement as PostgreSQL has parsed it, with the buffers that SOCI reads its parameters from and writes its row
// to. Their addresses must stay for as long as the statement.
struct PreparedStatement {
  PreparedStatement(soci::session& session, const Params& params, bool with_rows)
      : names(params.size()), texts(params.size()), indicators(params.size()), statement(session) {
    statement.alloc();
    for (size_t i = 0; i < params.size(); ++i) {
      names[i] = params[i].name;
      statement.exchange(soci::use(texts[i], indicators[i], names[i]));
    }
    if (with_rows) {
      row.uppercase_column_names(false);
      statement.exchange(soci::into(row));
    }
  }

  void SetParameters(const Params& params) {
    for (size_t i = 0; i < params.size(); ++i) {
      texts[i] = params[i].value.value_or("");
      indicators[i] = params[i].value ? soci::i_ok : soci::i_null;
    }
  }

  std::vector<std::string> names;
  std::vector<std::string> texts;
  std::vector<soci::indicator> indicators;
  soci::row row;
  soci::statement statement;
};

// By the statement's name; parsed once for each session and gone with it.
using PreparedStatements = std::map<std::string_view, std::unique_ptr<PreparedStatement>>;

class Pool {
 public:
  explicit Pool(DatabaseOptions options)
      : options_(std::move(options)),
        sessions_(options_.pool_size),
        prepared_(options_.pool_size),
        planned_since_(options_.pool_size) {
    // A dead host must not hold a caller: libpq waits for a connection without end otherwise.
    ::setenv("PGCONNECT_TIMEOUT", absl::StrCat(absl::ToInt64Seconds(base::kConnectTimeout)).c_str(), /*overwrite=*/0);
  }

  absl::StatusOr<size_t> Lease() {
    size_t position = 0;
    if (!sessions_.try_lease(position, static_cast<int>(absl::ToInt64Milliseconds(options_.wait)))) {
      return NotBegun(base::Reason::kOverloaded, "all database sessions are busy", base::kRetryAfterOverload);
    }
    return position;
  }

  // Makes a leased session ready for a statement, and begins a transaction on it where `begin`. A session that died
  // while idle is opened again, once; without `begin` that is seen only where its plans are old.
  absl::Status Ready(size_t position, bool begin) {
    soci::session& session = sessions_.at(position);
    for (int attempt = 0;; ++attempt) {
      try {
        if (!session.is_connected()) Open(session);
        DropOldPlans(position);
        if (begin) session.begin();
        return absl::OkStatus();
      } catch (const std::exception& error) {
        Close(position);
        if (attempt == 1) {
          base::Log(base::Level::kWarning, "database_unreachable", {{"error", Shorten(error.what())}});
          return NotBegun(base::Reason::kDatabaseUnavailable, "the database cannot be reached",
                          base::kRetryAfterOutage);
        }
      }
    }
  }

  void GiveBack(size_t position, bool broken) {
    if (broken) Close(position);
    sessions_.give_back(position);
  }

  soci::session& At(size_t position) { return sessions_.at(position); }
  RowGates& row_gates() { return row_gates_; }

  // Parsed and planned by PostgreSQL at its first use on this session only: for a read of one invoice that is most of
  // the work.
  PreparedStatement& Prepared(size_t position, const Sql& sql, const Params& params, bool with_rows) {
    std::unique_ptr<PreparedStatement>& kept = prepared_[position][sql.name];
    if (kept == nullptr) {
      auto fresh = std::make_unique<PreparedStatement>(At(position), params, with_rows);
      fresh->statement.prepare(sql.text, soci::details::st_repeatable_query);
      fresh->statement.define_and_bind();
      kept = std::move(fresh);
    }
    kept->SetParameters(params);
    return *kept;
  }

  static std::string Shorten(std::string_view text) { return std::string(text.substr(0, 300)); }

 private:
  void Open(soci::session& session) {
    session.open(soci::postgresql, WithNetworkBounds(options_.url));
    session << fmt::format("SET statement_timeout = {}", absl::ToInt64Milliseconds(options_.statement_timeout));
    session << fmt::format("SET lock_timeout = {}", absl::ToInt64Milliseconds(options_.lock_timeout));
    session << fmt::format("SET idle_in_transaction_session_timeout = {}",
                           absl::ToInt64Milliseconds(base::kIdleInTransactionTimeout));
    session << "SET TIME ZONE 'UTC'";
  }

  // PostgreSQL keeps a statement's plan until it analyzes a table: one made for small tables would be with us while
  // they grow a thousandfold in a run.
  void DropOldPlans(size_t position) {
    const auto now = std::chrono::steady_clock::now();
    if (now - planned_since_[position] < absl::ToChronoNanoseconds(options_.plan_life)) return;
    sessions_.at(position) << "DISCARD PLANS";
    planned_since_[position] = now;
  }

  void Close(size_t position) {
    prepared_[position].clear();  // they belong to the session
    try {
      sessions_.at(position).close();
    } catch (const std::exception&) {
      // Closing a dead session may fail; it is gone either way.
    }
  }

  DatabaseOptions options_;
  RowGates row_gates_;
  soci::connection_pool sessions_;
  // Of each session; touched only by the one who leased it.
  std::vector<PreparedStatements> prepared_;
  std::vector<std::chrono::steady_clock::time_point> planned_since_;
};

namespace {

using Result = std::unique_ptr<PGresult, decltype(&PQclear)>;

std::string CellText(const soci::row& row, size_t index, const Sql& sql) {
  switch (row.get_properties(index).get_data_type()) {
    case soci::dt_string:
      return row.get<std::string>(index);
    case soci::dt_integer:
      return std::to_string(row.get<int>(index));
    case soci::dt_long_long:
      return std::to_string(row.get<long long>(index));
    default:
      std::fprintf(stderr, "statement %s: column %s needs a cast to text\n", sql.name,
                   row.get_properties(index).get_name().c_str());
      std::abort();
  }
}

Rows ReadRows(soci::statement& statement, soci::row& row, const Sql& sql) {
  Rows rows;
  std::shared_ptr<Row::Columns> columns;
  while (statement.fetch()) {
    if (!columns) {
      columns = std::make_shared<Row::Columns>();
      for (size_t i = 0; i < row.size(); ++i) columns->push_back(row.get_properties(i).get_name());
    }
    std::vector<std::optional<std::string>> values(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      if (row.get_indicator(i) != soci::i_null) values[i] = CellText(row, i, sql);
    }
    rows.emplace_back(sql.name, columns, std::move(values));
  }
  return rows;
}

}  // namespace

Transaction::Transaction(Transaction&& other) noexcept
    : pool_(std::move(other.pool_)),
      position_(other.position_),
      open_(other.open_),
      broken_(other.broken_),
      gated_(other.gated_),
      held_row_(std::move(other.held_row_)),
      places_(std::move(other.places_)) {
  other.open_ = false;
  other.pool_ = nullptr;
}

Transaction::~Transaction() {
  if (!pool_) return;
  if (open_ && !broken_) {
    try {
      Session().rollback();
    } catch (const std::exception&) {
      broken_ = true;  // the server rolls back what it no longer hears from
    }
  }
  pool_->GiveBack(position_, broken_);
  places_.clear();  // before the pool may go
}

absl::Status Transaction::EnterGate(const std::string& row) {
  if (!gated_ || row == held_row_) return absl::OkStatus();
  for (const RowGates::Place& place : places_) {
    if (place.row() == row) return absl::OkStatus();
  }
  std::optional<RowGates::Place> place = pool_->row_gates().Enter(row);
  if (!place) return RowIsBusy(row);
  places_.push_back(*std::move(place));
  return absl::OkStatus();
}

soci::session& Transaction::Session() { return pool_->At(position_); }

absl::Status Transaction::Failed(const Sql& sql, const std::exception& error) {
  std::string state;
  if (const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    state = postgres->sqlstate();
  } else if (const auto* any = dynamic_cast<const soci::soci_error*>(&error)) {
    // SOCI reports a dead connection without a state.
    auto* backend = static_cast<soci::postgresql_session_backend*>(Session().get_backend());
    if (backend == nullptr || PQstatus(backend->conn_) != CONNECTION_OK)
      return StatusOfPostgresError("08006", "", sql.name);
    return absl::InternalError(fmt::format("statement {}: {}", sql.name, any->what()));
  }
  // A migration under us may change what a prepared statement answers: the next session prepares it anew.
  broken_ = broken_ || IsConnectionLoss(state) || state == "0A000";
  return StatusOfPostgresError(state, error.what(), sql.name);
}

absl::StatusOr<Rows> Transaction::Query(const Sql& sql, const Params& params) {
  try {
    PreparedStatement& prepared = pool_->Prepared(position_, sql, params, /*with_rows=*/true);
    prepared.statement.execute(false);
    return ReadRows(prepared.statement, prepared.row, sql);
  } catch (const std::exception& error) {
    return Failed(sql, error);
  }
}

absl::StatusOr<std::optional<Row>> Transaction::QueryRow(const Sql& sql, const Params& params) {
  ASSIGN_OR_RETURN(Rows rows, Query(sql, params));
  if (rows.size() > 1) return absl::InternalError(fmt::format("statement {}: more than one row", sql.name));
  if (rows.empty()) return std::optional<Row>();
  return std::optional<Row>(std::move(rows.front()));
}

absl::StatusOr<int64_t> Transaction::Execute(const Sql& sql, const Params& params) {
  try {
    PreparedStatement& prepared = pool_->Prepared(position_, sql, params, /*with_rows=*/false);
    prepared.statement.execute(true);
    return prepared.statement.get_affected_rows();
  } catch (const std::exception& error) {
    return Failed(sql, error);
  }
}

// What SOCI has not, COPY and bytes as they are, is spoken on the session's own connection, inside the transaction that
// SOCI has begun.
PGconn* Transaction::Connection() {
  return static_cast<soci::postgresql_session_backend*>(Session().get_backend())->conn_;
}

absl::Status Transaction::Failed(const Sql& sql, const PGresult* result) {
  const char* state = result == nullptr ? nullptr : PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const bool lost = PQstatus(Connection()) != CONNECTION_OK;
  const std::string code = lost ? "08006" : state == nullptr ? "" : state;
  broken_ = broken_ || lost || code.empty() || IsConnectionLoss(code);
  // The message alone: the context of COPY would show the row.
  const auto field = [result](int name) {
    const char* text = result == nullptr ? nullptr : PQresultErrorField(result, name);
    return std::string(text == nullptr ? "" : text);
  };
  std::string message = field(PG_DIAG_MESSAGE_PRIMARY);
  if (field(PG_DIAG_CONSTRAINT_NAME) == kNumberKey) message += " " + field(PG_DIAG_MESSAGE_DETAIL);
  return StatusOfPostgresError(code, message, sql.name);
}

absl::StatusOr<Rows> Transaction::QueryBytes(const Sql& sql, const std::string& parameter) {
  constexpr int kAsText = 0;
  constexpr int kAsBytes = 1;
  const char* value = parameter.c_str();
  const Result result(PQexecParams(Connection(), sql.text, 1, nullptr, &value, nullptr, &kAsText, kAsBytes), &PQclear);
  if (PQresultStatus(result.get()) != PGRES_TUPLES_OK) return Failed(sql, result.get());
  auto columns = std::make_shared<Row::Columns>();
  for (int i = 0; i < PQnfields(result.get()); ++i) columns->push_back(PQfname(result.get(), i));
  Rows rows;
  for (int r = 0; r < PQntuples(result.get()); ++r) {
    std::vector<std::optional<std::string>> cells(columns->size());
    for (int i = 0; i < static_cast<int>(cells.size()); ++i) {
      if (PQgetisnull(result.get(), r, i) != 0) continue;
      cells[i] = std::string(PQgetvalue(result.get(), r, i), PQgetlength(result.get(), r, i));
    }
    rows.emplace_back(sql.name, columns, std::move(cells));
  }
  return rows;
}

absl::Status Transaction::Copy(const Sql& copy, const std::string& rows) {
  PGconn* connection = Connection();
  const Result begun(PQexec(connection, copy.text), &PQclear);
  if (PQresultStatus(begun.get()) != PGRES_COPY_IN) return Failed(copy, begun.get());
  const bool sent = PQputCopyData(connection, rows.data(), static_cast<int>(rows.size())) == 1;
  const bool ended = PQputCopyEnd(connection, sent ? nullptr : "the rows could not be sent") == 1;
  absl::Status status = sent && ended ? absl::OkStatus() : Failed(copy, nullptr);
  while (PGresult* next = PQgetResult(connection)) {
    const Result result(next, &PQclear);
    if (status.ok() && PQresultStatus(result.get()) != PGRES_COMMAND_OK) status = Failed(copy, result.get());
  }
  return status;
}

absl::Status Transaction::Commit() {
  static constexpr Sql kCommit{"commit", "COMMIT"};
  // The caller has been told that the call failed: its change must not come afterwards. The destructor rolls back.
  if (absl::Now() >= base::CurrentDeadline()) return absl::DeadlineExceededError("before the commit");
  open_ = false;
  try {
    Session().commit();
    return absl::OkStatus();
  } catch (const std::exception& error) {
    // Whether it took effect is not known; the session is dropped so that nothing of it lingers.
    broken_ = true;
    return Failed(kCommit, error);
  }
}

bool IsDatabaseUrl(const std::string& url) {
  PQconninfoOption* options = PQconninfoParse(url.c_str(), nullptr);
  PQconninfoFree(options);
  return options != nullptr;
}

std::string WithNetworkBounds(const std::string& url) {
  static constexpr std::pair<const char*, const char*> kBounds[] = {
      {"keepalives_idle", "5"}, {"keepalives_interval", "2"}, {"keepalives_count", "3"}, {"tcp_user_timeout", "10000"}};
  const bool is_uri = url.starts_with("postgres://") || url.starts_with("postgresql://");
  std::string bounded = url;
  for (const auto& [name, value] : kBounds) {
    if (url.find(name) != std::string::npos) continue;  // the operator has said it
    const char* separator = !is_uri ? " " : bounded.find('?') == std::string::npos ? "?" : "&";
    bounded += fmt::format("{}{}={}", separator, name, value);
  }
  return bounded;
}

Database::Database(DatabaseOptions options) : pool_(std::make_shared<Pool>(std::move(options))) {}

absl::StatusOr<Transaction> Database::Begin() { return Take(/*begin=*/true); }

absl::StatusOr<Transaction> Database::BeginGated(const std::optional<RowGates::Place>& place) {
  ASSIGN_OR_RETURN(Transaction transaction, Begin());
  transaction.gated_ = true;
  if (place) transaction.held_row_ = place->row();
  return transaction;
}

RowGates& Database::row_gates() { return pool_->row_gates(); }

absl::StatusOr<Rows> Database::QueryAlone(const Sql& sql, const Params& params) {
  ASSIGN_OR_RETURN(Transaction alone, Take(/*begin=*/false));
  return alone.Query(sql, params);
}

absl::StatusOr<Transaction> Database::Take(bool begin) {
  ASSIGN_OR_RETURN(const size_t position, pool_->Lease());
  if (absl::Status status = pool_->Ready(position, begin); !status.ok()) {
    pool_->GiveBack(position, /*broken=*/true);
    return status;
  }
  return Transaction(pool_, position, /*open=*/begin);
}

absl::Status Database::CheckSchema() {
  ASSIGN_OR_RETURN(Transaction transaction, Begin());
  absl::StatusOr<Rows> read = transaction.Query(sql::kSchemaVersions, {});
  if (absl::IsInternal(read.status())) {  // the table is not there, or not ours to read
    return absl::FailedPreconditionError("the database has no schema; apply the migrations");
  }
  if (!read.ok()) return read.status();
  const Rows& rows = *read;
  std::set<std::string> there;
  for (const Row& row : rows) there.insert(row.Text("version"));
  const std::set<std::string> expected(std::begin(kSchemaVersions), std::end(kSchemaVersions));
  if (there == expected) return absl::OkStatus();
  const auto newest = [](const std::set<std::string>& versions) {
    return versions.empty() ? std::string("none") : *versions.rbegin();
  };
  return absl::FailedPreconditionError(
      fmt::format("the database has schema {} ({} migrations), this build needs {} ({})", newest(there), there.size(),
                  newest(expected), expected.size()));
}

}  // namespace invoice::store
