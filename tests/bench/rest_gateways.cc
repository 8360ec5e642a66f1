#include "tests/bench/rest_gateways.h"

#include <fmt/format.h>

#include <array>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "invoice/v1/invoices.grpc.pb.h"
#include "tests/bench/support/books.h"
#include "tests/bench/support/gateways.h"
#include "tests/bench/support/http_connection.h"
#include "tests/bench/support/measure.h"
#include "tests/bench/support/wrk.h"

namespace invoice::bench {
namespace {

constexpr int kHeldConnections = 200;  // when memory is measured
constexpr std::array<int, 2> kConnections = {16, 64};

// How often each side runs, in turns. What differs most needs the fewest rounds.
struct Rounds {
  int get = 7;
  int list = 3;
  int real = 5;
  int seconds = 2;  // of each round
};

// The two gateways before one gRPC server.
struct Pair {
  Gateway ours;
  Gateway theirs;
};

// Figures of one gateway over all rounds of a case.
struct Side {
  std::vector<double> per_second;
  std::vector<double> p99_ms;
  double requests = 0;
  double cpu_seconds = 0;

  double CpuMicroseconds() const { return cpu_seconds / requests * 1e6; }
};

struct Outcome {
  Side ours;
  Side theirs;
  std::vector<double> ratios;      // of requests per second, by round
  std::vector<double> p99_ratios;  // likewise
};

class Race {
 public:
  Race(const System& system, std::string invoice_id, Rounds rounds)
      : system_(system),
        rounds_(rounds),
        get_path_("/api/v1/invoices/" + invoice_id),
        list_path_(fmt::format("/api/v1/invoices?page_size={}", kListedInvoices)),
        invoice_id_(std::move(invoice_id)) {}

  const std::string& get_path() const { return get_path_; }
  const std::string& list_path() const { return list_path_; }

  // What the real server answers to the two calls, by method.
  std::map<std::string, std::string> RecordedAnswers() const;
  std::string Get(const Gateway& gateway, const std::string& path) const {
    return HttpConnection(gateway.port, system_.api_key()).Get(path);
  }
  // Returns how many members of one answer are null and missing in ours.
  int CheckAnswers(const Gateway& ours, const Gateway& other) const {
    CheckSameJson(Get(ours, list_path_), Get(other, list_path_));
    return CheckSameJson(Get(ours, get_path_), Get(other, get_path_));
  }
  Outcome Run(const Pair& pair, const std::string& path, int connections, int rounds) const;
  const Rounds& rounds() const { return rounds_; }
  // In RAM while many clients are connected, each of which was answered, after load.
  double LoadedMib(const Gateway& gateway) const;

 private:
  LoadFigures Load(const Gateway& gateway, const std::string& path, int connections, int seconds) const {
    return RunWrk({.port = gateway.port,
                   .path = path,
                   .api_key = system_.api_key(),
                   .connections = connections,
                   .seconds = seconds},
                  system_.folder());
  }
  void RunRound(const Gateway& gateway, const std::string& path, int connections, Side* side) const;

  const System& system_;
  const Rounds rounds_;
  const std::string get_path_;
  const std::string list_path_;
  const std::string invoice_id_;
};

std::map<std::string, std::string> Race::RecordedAnswers() const {
  const auto stub = v1::InvoiceService::NewStub(system_.NewChannel());
  const std::string service = fmt::format("/{}/", v1::InvoiceService::service_full_name());
  grpc::ClientContext get_context;
  system_.Authorize(&get_context);
  v1::GetInvoiceRequest get;
  get.set_id(invoice_id_);
  v1::Invoice invoice;
  CheckOk(stub->GetInvoice(&get_context, get, &invoice), "GetInvoice");
  grpc::ClientContext list_context;
  system_.Authorize(&list_context);
  v1::ListInvoicesRequest list;
  list.set_page_size(kListedInvoices);
  v1::ListInvoicesResponse page;
  CheckOk(stub->ListInvoices(&list_context, list, &page), "ListInvoices");
  if (page.invoices_size() != kListedInvoices) throw std::runtime_error("the page is not full");
  return {{service + "GetInvoice", invoice.SerializeAsString()}, {service + "ListInvoices", page.SerializeAsString()}};
}

void Race::RunRound(const Gateway& gateway, const std::string& path, int connections, Side* side) const {
  const double before = gateway.process->CpuSeconds();
  const LoadFigures figures = Load(gateway, path, connections, rounds_.seconds);
  side->cpu_seconds += gateway.process->CpuSeconds() - before;
  side->requests += figures.requests;
  side->per_second.push_back(figures.per_second);
  side->p99_ms.push_back(figures.p99_ms);
}

Outcome Race::Run(const Pair& pair, const std::string& path, int connections, int rounds) const {
  for (const Gateway* gateway : {&pair.ours, &pair.theirs}) Load(*gateway, path, connections, /*seconds=*/1);
  Outcome outcome;
  for (int round = 0; round < rounds; ++round) {
    RunRound(pair.ours, path, connections, &outcome.ours);
    RunRound(pair.theirs, path, connections, &outcome.theirs);
    outcome.ratios.push_back(outcome.ours.per_second.back() / outcome.theirs.per_second.back());
    outcome.p99_ratios.push_back(outcome.ours.p99_ms.back() / outcome.theirs.p99_ms.back());
  }
  return outcome;
}

double Race::LoadedMib(const Gateway& gateway) const {
  for (const std::string& path : {list_path_, get_path_}) Load(gateway, path, kHeldConnections, rounds_.seconds);
  std::deque<HttpConnection> held;
  for (int i = 0; i < kHeldConnections; ++i) held.emplace_back(gateway.port, system_.api_key()).Get(get_path_);
  return gateway.process->ResidentMib();
}

void AddSide(const std::string& key, const std::string& who, const Side& side, Report* report) {
  report->Add(key + "_per_second", Median(side.per_second), who, 0);
  report->Add(key + "_p99_ms", Median(side.p99_ms), who);
  report->Add(key + "_cpu_us", side.CpuMicroseconds(), who + ", of a request", 0);
}

// Adds the absolute figures of a case.
void AddCase(const std::string& key, const Outcome& outcome, Report* report) {
  AddSide(key, "invoice-gateway", outcome.ours, report);
  AddSide("grpc_gateway_" + key, "grpc-gateway", outcome.theirs, report);
}

// The gateways' processor time of a request, ours over theirs.
double CpuRatio(const Outcome& few, const Outcome& many) {
  const auto cpu = [](const Side& a, const Side& b) {
    return (a.cpu_seconds + b.cpu_seconds) / (a.requests + b.requests);
  };
  return cpu(few.ours, many.ours) / cpu(few.theirs, many.theirs);
}

void RaceCanned(const Race& race, const Pair& pair, Report* report) {
  std::vector<Outcome> gets;
  std::vector<Outcome> lists;
  for (const int connections : kConnections)
    gets.push_back(race.Run(pair, race.get_path(), connections, race.rounds().get));
  for (const int connections : kConnections)
    lists.push_back(race.Run(pair, race.list_path(), connections, race.rounds().list));
  for (size_t i = 0; i < gets.size(); ++i) {
    const std::string n = fmt::format("_{}", kConnections[i]);
    report->Add("ratio_to_grpc_gateway" + n, Median(gets[i].ratios),
                "GetInvoice, recorded answers: requests per second, ours / theirs");
    report->Add("list_ratio" + n, Median(lists[i].ratios), "ListInvoices of 50, likewise");
    report->Add("p99_ratio" + n, Median(gets[i].p99_ratios), "GetInvoice, recorded answers: p99, ours / theirs");
    report->Add("list_p99_ratio" + n, Median(lists[i].p99_ratios), "ListInvoices of 50, likewise");
  }
  report->Add("cpu_ratio", CpuRatio(gets[0], gets[1]),
              "GetInvoice, recorded answers: the gateway's CPU per request, ours / theirs");
  report->Add("list_cpu_ratio", CpuRatio(lists[0], lists[1]), "ListInvoices of 50, likewise");
  report->Add("rss_mib", race.LoadedMib(pair.ours), "invoice-gateway with 200 connections, after load", 1);
  report->Add("grpc_gateway_rss_mib", race.LoadedMib(pair.theirs), "grpc-gateway, likewise", 1);
  for (size_t i = 0; i < gets.size(); ++i) {
    AddCase(fmt::format("canned_get_{}", kConnections[i]), gets[i], report);
    AddCase(fmt::format("canned_list_{}", kConnections[i]), lists[i], report);
  }
}

void RaceReal(const Race& race, const Pair& pair, Report* report) {
  std::vector<Outcome> gets;
  for (const int connections : kConnections) {
    gets.push_back(race.Run(pair, race.get_path(), connections, race.rounds().real));
    report->Add(fmt::format("real_ratio_{}", connections), Median(gets.back().ratios),
                "GetInvoice of the real server: requests per second, ours / theirs");
  }
  for (size_t i = 0; i < gets.size(); ++i) AddCase(fmt::format("real_get_{}", kConnections[i]), gets[i], report);
}

}  // namespace

void MeasureGateways(const Options& options, const System& system, const std::string& invoice_id, Report* report) {
  const Race race(system, invoice_id, options.smoke ? Rounds{.get = 1, .list = 1, .real = 1, .seconds = 1} : Rounds{});
  const CannedServer canned(race.RecordedAnswers(), system.folder());
  const std::string& folder = system.folder();
  Pair before_canned = {.ours = StartInvoiceGateway(canned.grpc_port(), folder + "/canned_gateway.log"), .theirs = {}};
  Pair before_real = {.ours = StartInvoiceGateway(system.grpc_port(), folder + "/real_gateway.log"), .theirs = {}};
  race.CheckAnswers(before_canned.ours, before_real.ours);
  if (options.smoke && !HasGrpcGateway()) return;
  before_canned.theirs = StartGrpcGateway(canned.grpc_port(), folder + "/canned_grpc_gateway.log");
  before_real.theirs = StartGrpcGateway(system.grpc_port(), folder + "/real_grpc_gateway.log");
  race.CheckAnswers(before_canned.ours, before_canned.theirs);
  const int nulls = race.CheckAnswers(before_real.ours, before_real.theirs);
  RaceCanned(race, before_canned, report);
  RaceReal(race, before_real, report);
  report->Add("grpc_gateway_nulls", nulls, "absent messages in its answer to GetInvoice, which ours leaves out", 0);
}

}  // namespace invoice::bench
