// bench_pdf: what one page costs from the snapshot to the bytes that are stored, warm, on one core; the same page by
// ReportLab in the same run; how well two threads share the work; and the longest invoice there may be.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "base/secret.h"
#include "pdf/content.h"
#include "pdf/pango_renderer.h"
#include "tests/bench/support/report.h"
#include "tests/unit/pdf/peak_memory.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::bench {
namespace {

using domain::InvoiceDocument;
using pdf::PangoInvoiceRenderer;

// Many short rounds, of which the best counts, here as for ReportLab: other work on the machine only ever adds.
constexpr int kPages = 25;
constexpr int kReportlabPages = 8;
constexpr int kTries = 25;

using Moment = std::chrono::steady_clock::time_point;

double MillisecondsSince(Moment start) {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

// As in a run: the vendor, the terms and the kinds of work stay, the customer and every figure change.
void Vary(InvoiceDocument& document, int page) {
  document.number = fmt::format("NWC-2026-{:04}", page);
  document.customer.name = fmt::format("Maple Ridge Logistics {} Ltd.", page);
  document.customer.address.line1 = fmt::format("{} King Street West", page);
  document.customer.email = fmt::format("ap{}@mapleridge.example", page);
  document.purchase_order = fmt::format("PO-{}", page);
  for (domain::InvoiceLine& line : document.lines) line.amount_minor += 1;
  document.totals.subtotal_minor += 10;
  document.totals.total_minor += 10;
}

// Milliseconds for `pages` documents by each of `threads` threads.
double Render(PangoInvoiceRenderer& renderer, const InvoiceDocument& document, int pages, int threads) {
  const Moment start = std::chrono::steady_clock::now();
  std::vector<std::thread> workers;
  for (int i = 0; i < threads; ++i) {
    workers.emplace_back([&] {
      InvoiceDocument own = document;
      for (int page = 0; page < pages; ++page) {
        Vary(own, page);
        base::Sha256Hex(renderer.Render(own, "").value());
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
  return MillisecondsSince(start);
}

struct LongInvoice {
  double ms = 0;
  double mib = 0;  // growth of the peak
};

// In a process of its own, so that its peak is not somebody else's. Called before this process has any thread.
LongInvoice MeasureLongInvoice(size_t lines) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child == 0) {
    const std::unique_ptr<PangoInvoiceRenderer> renderer = PangoInvoiceRenderer::Create().value();
    renderer->Render(pdf::testing::OnePage(), "").value();
    const InvoiceDocument document = pdf::testing::ManyLines(static_cast<int>(lines));
    const double before_mib = pdf::testing::PeakMemory_mib();
    const Moment start = std::chrono::steady_clock::now();
    renderer->Render(document, "").value();
    const LongInvoice result{MillisecondsSince(start), pdf::testing::PeakMemory_mib() - before_mib};
    _exit(write(ends[1], &result, sizeof(result)) == sizeof(result) ? 0 : 1);
  }
  close(ends[1]);
  LongInvoice result;
  int status = 0;
  const bool read_all = read(ends[0], &result, sizeof(result)) == sizeof(result);
  waitpid(child, &status, 0);
  close(ends[0]);
  if (!read_all || status != 0) throw std::runtime_error("the long invoice was not rendered");
  return result;
}

nlohmann::json Entries(const std::vector<pdf::Entry>& entries) {
  nlohmann::json json = nlohmann::json::array();
  for (const pdf::Entry& entry : entries) json.push_back({entry.label, entry.value});
  return json;
}

// What is on the page, for the other program.
nlohmann::json ContentJson(const InvoiceDocument& document) {
  const pdf::Content content = pdf::ContentOf(document);
  nlohmann::json json = {{"title", content.running_head},
                         {"number", content.number},
                         {"vendor", {content.vendor_name, content.vendor_lines}},
                         {"customer", {content.customer_name, content.customer_lines}},
                         {"details", Entries(content.details)},
                         {"payment", Entries(content.payment)},
                         {"columns", {"Description", "Quantity", "Unit price", "Amount (CAD)"}},
                         {"contact", content.contact},
                         {"closing", {content.payment_instructions}}};
  json["details"].push_back({content.amount_due.label, content.amount_due.value});
  for (const pdf::TableRow& row : content.rows) {
    json["rows"].push_back({row.description, fmt::format("{} {}", row.quantity, row.unit), row.unit_price, row.amount});
  }
  for (const pdf::TotalRow& row : content.totals) {
    json["totals"].push_back({row.label, row.amount});
    if (!row.detail.empty()) json["totals"].push_back({row.detail, ""});
  }
  json["totals"].push_back({content.total.label, content.total.value});
  for (const pdf::Section& section : content.sections) json["closing"].push_back(section.text);
  return json;
}

double ReportlabMs(const InvoiceDocument& document, int pages) {
  const char* source = std::getenv("INVOICE_SOURCE_DIR");
  const std::filesystem::path script =
      std::filesystem::path(source == nullptr ? "." : source) / "tests/bench/reportlab_page.py";
  std::string input = (std::filesystem::temp_directory_path() / "reportlab-XXXXXX").string();
  const int file = mkstemp(input.data());
  if (file < 0) throw std::runtime_error("no temporary file");
  close(file);
  std::ofstream(input) << ContentJson(document).dump();
  const std::string command = fmt::format("/usr/bin/python3 -B '{}' {} <'{}'", script.string(), pages, input);
  FILE* output = popen(command.c_str(), "r");
  double ms = 0;
  const bool read = output != nullptr && std::fscanf(output, "%lf", &ms) == 1;
  const bool ended = output != nullptr && pclose(output) == 0;
  std::filesystem::remove(input);
  if (!read || !ended) throw std::runtime_error("ReportLab (package python3-reportlab) did not render the page");
  return ms;
}

void Measure(const Options& options, Report* report) {
  const int pages = options.smoke ? 2 : kPages;
  const LongInvoice long_invoice = MeasureLongInvoice(options.smoke ? 50 : base::kMaxLinesPerInvoice);
  const std::unique_ptr<PangoInvoiceRenderer> renderer = PangoInvoiceRenderer::Create().value();
  const InvoiceDocument document = pdf::testing::OnePage();
  const size_t bytes = renderer->Render(document, "").value().size();
  Render(*renderer, document, pages, 2);  // loads the fonts of both engines
  double one_ms = Render(*renderer, document, pages, 1);
  double two_ms = Render(*renderer, document, pages, 2);
  for (int i = 1; i < (options.smoke ? 2 : kTries); ++i) {
    one_ms = std::min(one_ms, Render(*renderer, document, pages, 1));
    two_ms = std::min(two_ms, Render(*renderer, document, pages, 2));
  }
  // Tests do not install the other program.
  const double reportlab_ms = options.smoke ? 0 : ReportlabMs(document, kReportlabPages);
  report->Add("one_page_ms", one_ms / pages, "one PDF of one page with its SHA-256, warm", 3);
  report->Add("one_page_bytes", static_cast<double>(bytes), "its size", 0);
  report->Add("reportlab_ms", reportlab_ms, "the same content by ReportLab, warm", 3);
  report->Add("ratio_to_reportlab", reportlab_ms * pages / one_ms, "how many times as fast");
  report->Add("two_worker_speedup", 2 * one_ms / two_ms, "two threads over one; 2 is perfect");
  report->Add("lines_2000_ms", long_invoice.ms, "the longest invoice there may be", 1);
  report->Add("lines_2000_mib", long_invoice.mib, "and by how much the peak of memory grew", 1);
}

}  // namespace
}  // namespace invoice::bench

int main(int argc, char** argv) { return invoice::bench::RunBenchmark("pdf", argc, argv, invoice::bench::Measure); }
