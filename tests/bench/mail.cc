// bench_mail: the emails of a run, each with a stored PDF of 30 kB of its own, by one real worker process as it is
// shipped, to a mail server that only counts; against a plain loop that builds the same kind of messages and delivers
// them to the same server over one connection, without any database, half of it before the worker and half after it.
#include <fmt/format.h>

#include <chrono>
#include <random>
#include <stdexcept>
#include <thread>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "mail/message.h"
#include "mail/smtp_session.h"
#include "mail/template.h"
#include "tests/bench/support/books.h"
#include "tests/bench/support/copy_statement.h"
#include "tests/bench/support/postgres_client.h"
#include "tests/bench/support/report.h"
#include "tests/bench/support/sink.h"
#include "tests/bench/support/system.h"
#include "tests/support/postgres.h"

namespace invoice::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kEmails = 6'000;
constexpr int kSmokeEmails = 5;
constexpr size_t kPdfBytes = 30'000;
constexpr int64_t kLeastMessageBytes = 40'000;  // 30,000 bytes in base64
constexpr char kFrom[] = "invoices@northwind.example";
constexpr std::chrono::milliseconds kLook(5);
constexpr std::chrono::minutes kLongest(10);

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void Expect(bool truth, const std::string& what) {
  if (!truth) throw std::runtime_error(what);
}

std::string RandomBytes(size_t size) {
  std::minstd_rand random(4711);
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random() >> 8);
  return bytes;
}

std::string Hex(const std::string& bytes) {
  std::string hex;
  for (const unsigned char c : bytes) hex += fmt::format("{:02x}", c);
  return hex;
}

// --- What waits to be sent: the rows that a run leaves (app/issue.cc), with the documents rendered already.

class Outbox {
 public:
  Outbox(const System& system, int emails) : client_(system.database()), emails_(emails) {
    const Books books(system);
    model_id_ = Biller(system, books.NewCustomer("Customer")).RunQuick().id();
    client_.Run("DELETE FROM jobs");  // of the model: its document
    client_.Run("BEGIN");
    MakeTargets();
    WriteInvoices();
    WriteEmails();
    client_.Run("COMMIT");
    // What autovacuum would do to those that grew.
    PostgresClient owner(test::Postgres::Instance().OwnerUrl(system.database()));
    for (const char* table : {"blobs", "invoices", "invoice_lines", "invoice_taxes", "emails", "jobs"}) {
      owner.Run(fmt::format("VACUUM ANALYZE {}", table));
    }
  }

  int Sent() { return Count("emails WHERE state = 'SENT'"); }

  void ExpectAllSent() {
    Expect(Sent() == emails_, "not every email is SENT");
    Expect(Count("email_attempts WHERE attempt_no = 1 AND outcome = 'ACCEPTED' AND reply_code = 250") == emails_ &&
               Count("email_attempts") == emails_,
           "not every email has its one attempt");
    Expect(Count("invoices WHERE delivery = 'SENT'") == emails_, "not every invoice counts as sent");
    Expect(Count("jobs") == 0, "jobs are left over");
  }

 private:
  int Count(const std::string& what) { return std::stoi(client_.Run("SELECT count(*) FROM " + what)); }

  // Ids in the order of time, as the server's are. A kilobyte of each document is its own, for the hash.
  void MakeTargets() {
    client_.Run(
        fmt::format("CREATE TEMPORARY TABLE target ON COMMIT DROP AS SELECT n, "
                    "('01990000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid AS invoice_id, "
                    "('01990000-0000-7000-8002-' || lpad(to_hex(n), 12, '0'))::uuid AS email_id, "
                    "('01990000-0000-7000-8003-' || lpad(to_hex(n), 12, '0'))::uuid AS job_id, "
                    "'ap' || n || '@customer.example' AS recipient, own || '\\x{}'::bytea AS document "
                    "FROM generate_series(1, {}) AS n, "
                    "LATERAL (SELECT string_agg(sha256(convert_to(n || '-' || k, 'UTF8')), '') AS own "
                    "           FROM generate_series(1, 32) AS k) AS o",
                    Hex(RandomBytes(kPdfBytes - 32 * 32)), emails_));
  }

  void WriteInvoices() {
    client_.Run(
        "INSERT INTO blobs (sha256, content_type, bytes, created_at) "
        "SELECT encode(sha256(document), 'hex'), 'application/pdf', document, now() FROM target");
    Copy("invoices", "id",
         {{"id", "t.invoice_id"},
          {"series_key", "'BENCH-{SEQ}'"},
          {"sequence", "t.n"},
          {"number", "'BENCH-' || t.n"},
          {"customer_snapshot", "m.customer_snapshot || jsonb_build_object('email', t.recipient)"},
          {"delivery", "'QUEUED'"},
          {"document_sha256", "encode(sha256(t.document), 'hex')"},
          {"created_in", "pg_current_xact_id()"}});
    for (const char* table : {"invoice_lines", "invoice_taxes"}) {
      Copy(table, "invoice_id", {{"invoice_id", "t.invoice_id"}});
    }
  }

  void WriteEmails() {
    client_.Run(
        fmt::format("INSERT INTO emails (id, vendor_id, invoice_id, recipient, recipient_role, header_to, header_cc, "
                    "template, resend_number, subject, message_id, state, state_reason, attempt_count, repeat_count, "
                    "created_at, updated_at, version, template_version) "
                    "SELECT t.email_id, m.vendor_id, t.invoice_id, t.recipient, 'TO', t.recipient, '[]', 'INVOICE', 0, "
                    "'Invoice BENCH-' || t.n || ' from Northwind Consulting Inc.', "
                    "'<' || t.email_id || '@northwind.example>', 'QUEUED', '', 0, 0, now(), now(), 1, 0 "
                    "FROM target t, invoices m WHERE m.id = '{}' ORDER BY t.n",
                    model_id_));
    client_.Run(
        "INSERT INTO jobs (id, kind, subject_id, run_at, urgency) "
        "SELECT job_id, 'SEND_EMAIL', email_id, now(), 3 FROM target ORDER BY n");
  }

  void Copy(const std::string& table, const std::string& key,
            const std::vector<std::pair<std::string, std::string>>& changed) {
    client_.Run(CopyStatement(client_, table, fmt::format("{} m, target t WHERE m.{} = '{}'", table, key, model_id_),
                              changed, "m"));
  }

  PostgresClient client_;
  const int emails_;
  std::string model_id_;
};

// --- The plain loop.

class PlainLoop {
 public:
  explicit PlainLoop(int port) : document_(RandomBytes(kPdfBytes)) {
    settings_.host = "127.0.0.1";
    settings_.port = port;
    settings_.security = mail::SmtpSecurity::kNone;
  }

  // Emails of those numbers; seconds.
  double Send(int first, int end) {
    const auto start = Clock::now();
    mail::SmtpSession session(settings_, {});
    Expect(!session.Connect({}), "the plain loop cannot connect");
    for (int n = first; n < end; ++n) {
      const std::string recipient = fmt::format("ap{}@customer.example", n);
      const std::string mime = mail::BuildMime(MessageTo(recipient, n)).value();
      const mail::SendResult result = session.Deliver({.mail_from = kFrom, .rcpt_to = recipient}, mime, {});
      Expect(result.outcome == mail::SendOutcome::kAccepted, "the plain loop was refused: " + result.text);
    }
    session.Quit();
    return SecondsSince(start);
  }

 private:
  mail::MailMessage MessageTo(const std::string& recipient, int n) {
    const std::string number = fmt::format("BENCH-{}", n);
    mail::RenderedMail text = mail::RenderTemplate(mail::DefaultTemplate("en", /*credit_note=*/false),
                                                   {.number = number,
                                                    .document_name = "Invoice",
                                                    .invoice_date = "Jan 5, 2026",
                                                    .due_date = "Feb 4, 2026",
                                                    .period_start = "Dec 29, 2025",
                                                    .period_end = "Jan 4, 2026",
                                                    .total = "4,255.53",
                                                    .currency_code = "CAD",
                                                    .customer_name = "Customer",
                                                    .vendor_name = "Northwind Consulting Inc."})
                                  .value();
    number.copy(document_.data(), number.size());
    return {.from = {.name = "Northwind Consulting Inc.", .address = kFrom},
            .reply_to = mail::MailAddress{.name = "Northwind Consulting Inc.", .address = "accounts@northwind.example"},
            .to = {.name = "Customer", .address = recipient},
            .subject = std::move(text.subject),
            .text_body = std::move(text.text),
            .html_body = std::move(text.html),
            .attachments = {{.file_name = number + ".pdf", .content_type = "application/pdf", .bytes = document_}},
            .message_id = fmt::format("<plain-{}@northwind.example>", n),
            .date = absl::Now()};
  }

  mail::SmtpSettings settings_;
  std::string document_;
};

// --- The worker.

struct WorkerFigures {
  double per_second = 0;
  double peak_mib = 0;
  int64_t connections = 0;
};

// From the first message that the sink has to the last that is recorded as SENT.
WorkerFigures RunWorker(System& system, Sink& sink, Outbox& outbox, int emails) {
  const SinkCounts before = sink.Counts();
  const auto latest = Clock::now() + kLongest;
  const auto held = [&] {
    Expect(Clock::now() < latest, "the worker takes too long:\n" + system.worker().Log());
    return static_cast<int>(sink.Counts().messages - before.messages);
  };
  system.StartWorker(base::kDefaultWorkerThreads, {{"SMTP_HOST", "127.0.0.1"},
                                                   {"SMTP_PORT", std::to_string(sink.port())},
                                                   {"SMTP_SECURITY", "NONE"},
                                                   {"SMTP_FROM", kFrom}});
  int first = 0;
  while ((first = held()) == 0) std::this_thread::sleep_for(kLook);
  const auto start = Clock::now();
  while (held() < emails) std::this_thread::sleep_for(kLook);
  while (outbox.Sent() < emails) {
    held();  // for its bound
    std::this_thread::sleep_for(kLook);
  }
  const double seconds = SecondsSince(start);
  WorkerFigures figures{.per_second = (emails - first) / seconds, .peak_mib = system.worker().PeakMib()};
  system.StopWorker();
  outbox.ExpectAllSent();
  const SinkCounts after = sink.Counts();
  Expect(after.messages - before.messages == emails, "the sink does not hold each email once");
  Expect(after.bytes - before.bytes >= emails * kLeastMessageBytes, "the sink holds too few bytes");
  figures.connections = after.connections - before.connections;
  return figures;
}

void Measure(const Options& options, Report* report) {
  const int emails = options.smoke ? kSmokeEmails : kEmails;
  System system;
  Sink sink(system.folder() + "/sink.log");
  Outbox outbox(system, emails);
  PlainLoop plain(sink.port());
  double plain_seconds = plain.Send(0, emails / 2);
  const WorkerFigures worker = RunWorker(system, sink, outbox, emails);
  plain_seconds += plain.Send(emails / 2, emails);
  const SinkCounts all = sink.Counts();
  Expect(all.messages == 2 * emails, "the sink does not hold each email of the plain loop once");
  const double plain_per_second = emails / plain_seconds;
  report->Add("emails", emails, "each with a PDF of 30,000 bytes", 0);
  report->Add("per_second", worker.per_second, "by one worker, from the first one received to all recorded as SENT", 0);
  report->Add("plain_per_second", plain_per_second, "built and delivered by one thread without a database", 0);
  report->Add("ratio_to_plain_loop", worker.per_second / plain_per_second, "", 3);
  report->Add("rss_mib", worker.peak_mib, "the most that the worker ever had in RAM", 1);
  report->Add("worker_connections", static_cast<double>(worker.connections), "that it made to the mail server", 0);
  report->Add("message_bytes", static_cast<double>(all.bytes) / static_cast<double>(all.messages),
              "on average, both sides", 0);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("mail", argc, argv, invoice::bench::Measure); }
