// What the worst texts that may be saved cost a document. Prints a table; docs/document-costs.md has what was measured.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <functional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "pdf/length.h"
#include "pdf/pango_renderer.h"
#include "tests/unit/pdf/samples.h"

namespace invoice::pdf {
namespace {

constexpr double kMost_s = 6;  // with sanitizers; two without

struct Script {
  const char* name;
  std::string unit;  // repeated to the length of a field
  bool costly = false;
};

const std::vector<Script>& Scripts() {
  static const std::vector<Script> kScripts{{"narrow", "i", true},
                                            {"wide", "W"},
                                            {"words", "wide "},
                                            {"letters with marks", "e\u0301"},
                                            {"marks alone", "\u0301"},
                                            {"marks above and below", "\u0323\u0301\u0308"},
                                            {"line feeds", "\n"},
                                            {"tabs", "\t"},
                                            {"Greek, Cyrillic", "\u03a9\u0416"},
                                            {"Arabic", "\u0645\u0624\u0633\u0633\u0629 "},
                                            {"Arabic with marks", "\u0628\u0651\u064e\u064f"},
                                            {"Hebrew", "\u05d0\u05d1\u05d2 "},
                                            {"Devanagari", "\u0915\u094d\u0937\u0924\u094d\u0930\u093f"},
                                            {"Bengali", "\u0995\u09cd\u09b7\u09bf"},
                                            {"Tamil", "\u0b95\u0bcd\u0bb7\u0bca"},
                                            {"Thai", "\u0e01\u0e33\u0e49"},
                                            {"Khmer", "\u1780\u17d2\u1793\u17bb"},
                                            {"Myanmar", "\u1000\u1039\u1000\u103c", true},
                                            {"Han", "\u6f22"},
                                            {"all directions", "a\u05d0", true},
                                            {"all scripts", "a\u0416\u6f22\u05d0\u0e01\u0915"}};
  return kScripts;
}

// As many characters as the field may have.
std::string Fill(const std::string& unit, size_t characters) {
  std::string text;
  size_t count = 0;
  for (size_t at = 0; count < characters; at = (at + 1) % unit.size()) {
    const bool begins = (static_cast<unsigned char>(unit[at]) & 0xC0) != 0x80;
    if (begins && ++count > characters) break;
    text += unit[at];
  }
  for (size_t at = text.size() % unit.size(); at != 0 && at < unit.size() && (unit[at] & 0xC0) == 0x80; ++at) {
    text += unit[at];
  }
  return text;
}

bool IsOneLine(const std::string& unit) { return unit != "\n" && unit != "\t"; }

// Fills the fields that come of a vendor, a customer and a contract.
void FillParties(domain::InvoiceDocument& document, const std::string& unit) {
  const std::string& one_line = IsOneLine(unit) ? unit : std::string("W");
  document.vendor.name = document.customer.name = Fill(one_line, 200);
  for (domain::Address* address : {&document.vendor.address, &document.customer.address}) {
    address->line1 = address->line2 = Fill(one_line, 200);
    address->city = address->region = Fill(one_line, 100);
    address->postal_code = Fill(one_line, 20);
  }
  document.vendor.bank.account_holder = document.vendor.bank.bank_name = Fill(one_line, 200);
  document.vendor.bank.instructions = Fill(unit, 2000);
  document.contractor_name = document.service_location = Fill(one_line, 200);
  document.purchase_order = document.buyer_reference = Fill(one_line, 100);
  document.notes = Fill(unit, 4000);
  const domain::TaxAmount tax = document.taxes.at(0);
  document.taxes.assign(10, tax);
  for (domain::TaxAmount& each : document.taxes) {
    each.tax.name = Fill(one_line, 50);
    each.tax.registration_number = Fill(one_line, 50);
    each.tax.exemption_reason = Fill(one_line, 500);
  }
}

void FillLines(domain::InvoiceDocument& document, const std::string& unit, size_t lines, size_t characters) {
  const domain::InvoiceLine line = document.lines.at(0);
  document.lines.assign(lines, line);
  // Each text is another one, or it would be shaped once.
  for (size_t i = 0; i < lines; ++i) {
    const std::string own = fmt::format("{} ", i);
    document.lines[i].description = own + Fill(unit, characters - own.size());
  }
}

double UsedCpu_s() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

class CostsTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { renderer_ = PangoInvoiceRenderer::Create().value().release(); }
  static void TearDownTestSuite() { delete renderer_; }

  // The time of the check and of the document.
  static void Measure(const char* script, const char* fields, const domain::InvoiceDocument& document) {
    const double start_s = UsedCpu_s();
    const absl::Status checked = renderer_->CheckText(document);
    const double checked_s = UsedCpu_s() - start_s;
    const absl::StatusOr<std::string> pdf = renderer_->Render(document, "");
    const double all_s = UsedCpu_s() - start_s;
    EXPECT_EQ(checked.ok(), pdf.ok()) << script << ": " << checked << pdf.status();
    EXPECT_LT(all_s, 2 * kMost_s) << script << ", " << fields;
    EXPECT_LT(all_s - checked_s, kMost_s) << script << ", " << fields;
    fmt::print("{:24} {:22} check {:6.3f} s, document {:6.3f} s, {:8} bytes {}\n", script, fields, checked_s,
               all_s - checked_s, pdf.ok() ? pdf->size() : 0, std::string(pdf.status().message()));
  }

  static inline PangoInvoiceRenderer* renderer_ = nullptr;
};

TEST_F(CostsTest, PartiesAndNotes) {
  for (const Script& script : Scripts()) {
    domain::InvoiceDocument document = testing::OnePage();
    FillParties(document, script.unit);
    Measure(script.name, "parties, notes", document);
  }
}

TEST_F(CostsTest, AHundredExpenses) {
  for (const Script& script : Scripts()) {
    domain::InvoiceDocument document = testing::OnePage();
    FillLines(document, IsOneLine(script.unit) ? script.unit : "W", 101, 500);
    Measure(script.name, "100 expenses", document);
  }
}

// The scripts that cost the most for each unit of the limit.
TEST_F(CostsTest, AsMuchTextAsIsAllowed) {
  for (const Script& script : Scripts()) {
    if (!script.costly) continue;
    domain::InvoiceDocument document = testing::OnePage();
    FillParties(document, script.unit);
    size_t lines = 1;
    for (size_t most = 1000; lines < most;) {
      const size_t middle = (lines + most + 1) / 2;
      FillLines(document, script.unit, middle, 1000);
      if (TextWork(document) <= base::kMaxTextWork) {
        lines = middle;
      } else {
        most = middle - 1;
      }
    }
    FillLines(document, script.unit, lines, 1000);
    ASSERT_LE(TextWork(document), base::kMaxTextWork);
    Measure(script.name, fmt::format("{} lines of 1000", lines).c_str(), document);
  }
}

TEST_F(CostsTest, MoreTextIsRefusedAtOnce) {
  domain::InvoiceDocument document = testing::OnePage();
  FillLines(document, "i", 1000, 1000);
  const double start_s = UsedCpu_s();
  const absl::Status status = renderer_->CheckText(document);
  EXPECT_LT(UsedCpu_s() - start_s, 0.2);
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kDocumentTooLong) << status;
  EXPECT_EQ(base::DetailOf(status).metadata.at("limit"), fmt::format("{}", base::kMaxTextWork));
  EXPECT_EQ(renderer_->Render(document, "").status(), status);
}

TEST_F(CostsTest, AStatementOfAThousandItems) {
  for (const Script& script : Scripts()) {
    if (!script.costly) continue;
    domain::StatementDocument document = testing::Statement();
    const auto item = document.statement.items.at(0);
    document.statement.items.assign(base::kMaxStatementItems, item);
    for (auto& each : document.statement.items) each.number = Fill(script.unit, 64);
    document.vendor.name = document.customer.name = Fill(script.unit, 200);
    const double start_s = UsedCpu_s();
    const absl::StatusOr<std::string> pdf = renderer_->RenderStatement(document, "");
    const double used_s = UsedCpu_s() - start_s;
    EXPECT_TRUE(pdf.ok()) << pdf.status();
    EXPECT_LT(used_s, kMost_s) << script.name;
    fmt::print("{:24} {:22} {:6.3f} s\n", script.name, "statement, 1000 items", used_s);
  }
}

}  // namespace
}  // namespace invoice::pdf
