// Lists, exports and what falls overdue: whatever is asked for, the database answers what the domain's rules say of
// every single invoice.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "app/credit_notes.h"
#include "app/csv.h"
#include "app/invoice_export.h"
#include "app/overdue.h"
#include "fmt/format.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;
using domain::InvoiceState;

constexpr InvoiceState kStates[] = {InvoiceState::kDraft, InvoiceState::kCancelled, InvoiceState::kCredited,
                                    InvoiceState::kPaid,  InvoiceState::kOverdue,   InvoiceState::kPartiallyPaid,
                                    InvoiceState::kSent,  InvoiceState::kIssued};

class ListsTest : public AppTest {
 protected:
  // Two vendors; customers in three time zones, of which one has the next day already; a year of invoices of every
  // fate.
  void FillBooks() {
    // In the middle of the first day on which the invoices of 1 November are overdue, in the furthest zone alone.
    clock_.Set(absl::FromCivil(absl::CivilSecond(2026, 12, 1, 12, 0, 0), absl::UTCTimeZone()));
    const char* const zones[] = {"UTC", "Pacific/Kiritimati", "America/Toronto"};
    const std::string vendors[] = {NewVendor(), NewVendor()};
    for (int i = 0; i < 4; ++i) {
      customers_.push_back(NewCustomer(vendors[i % 2]));
      sql_.Must(fmt::format("UPDATE schedules SET time_zone = '{}' WHERE customer_id = '{}'", zones[i % 3],
                            customers_.back()));
      for (int month = 1; month <= 12; ++month) {
        const auto run = RunQuick(customers_.back(), absl::CivilDay(2026, month, 1), NewCall());
        ASSERT_TRUE(run.ok()) << run.status();
      }
    }
    vendors_ = {vendors[0], vendors[1]};
    const std::string set = "UPDATE invoices SET ";
    const std::string where =
        fmt::format(" WHERE extract(month FROM invoice_on) + (customer_id = '{}')::integer IN ", customers_[0]);
    sql_.Must(set + "sent_at = now()" + where + "(2, 4, 6, 8, 10, 11)");
    sql_.Must(set + "paid_minor = total_minor" + where + "(3, 4)");
    sql_.Must(set + "paid_minor = 1" + where + "(6, 7, 12)");
    sql_.Must(set + "credited_minor = total_minor" + where + "(5)");
    sql_.Must(set + "cancelled_at = now()" + where + "(1)");
  }

  std::vector<InvoiceRecord> Everything() {
    const auto page = Invoices(*core_).List({}, {.size = 200});
    EXPECT_TRUE(page.ok()) << page.status();
    return page->records;
  }

  static bool IsOpen(const InvoiceRecord& invoice) {
    return invoice.issued_at && !invoice.cancelled_at && domain::OpenAmount(domain::FactsOf(invoice)) > 0;
  }

  // Credit notes in part, of which some are handed over, and drafts, one of them over nothing.
  void AddCreditNotesAndDrafts() {
    int count = 0;
    for (const InvoiceRecord& invoice : Everything()) {
      if (!IsOpen(invoice) || invoice.paid_minor > 0 || ++count % 3 != 0) continue;
      const CreditNoteInput input{.invoice_id = invoice.id,
                                  .reason = "agreed",
                                  .lines = {{.line = 1, .quantity = *domain::Quantity::Parse("1")}}};
      const auto note = CreditNotes(*core_).Create(NewCall(), input, {});
      ASSERT_TRUE(note.ok()) << note.status();
      if (count % 6 == 0) sql_.Must("UPDATE invoices SET sent_at = now() WHERE id = '" + note->result.invoice.id + "'");
    }
    ASSERT_GT(count, 12);
    for (int month = 1; month <= 2; ++month) {
      const auto draft = Invoices(*core_).RunWizard(NewCall(), DraftOf(customers_[1], month), {});
      ASSERT_TRUE(draft.ok()) << draft.status();
    }
  }

  static WizardRun DraftOf(const std::string& customer_id, int month) {
    WizardRun draft{.customer_id = customer_id,
                    .invoice_date = absl::CivilDay(2026, 6, 15),
                    .period = {absl::CivilDay(2027, month, 1), absl::CivilDay(2027, month, 28)},
                    .draft = true};
    draft.wizard.lines.push_back({.description = "Work",
                                  .quantity = *domain::Quantity::Parse(month == 1 ? "0" : "3"),
                                  .unit_price = *domain::UnitPrice::Parse("100")});
    return draft;
  }

  bool Matches(const InvoiceRecord& invoice, const store::InvoiceFilter& filter) {
    const auto& document = invoice.document;
    const std::string text = absl::AsciiStrToLower(document.number + " " + document.customer.name);
    return (filter.customer_id.empty() || invoice.customer_id == filter.customer_id) &&
           (filter.vendor_id.empty() || invoice.vendor_id == filter.vendor_id) &&
           (!filter.state || Invoices(*core_).StateOf(invoice) == *filter.state) &&
           (!filter.kind || document.kind == *filter.kind) && (!filter.open || IsOpen(invoice) == *filter.open) &&
           (!filter.from || document.invoice_date >= *filter.from) &&
           (!filter.to || document.invoice_date <= *filter.to) &&
           absl::StrContains(text, absl::AsciiStrToLower(filter.q));
  }

  // All pages, in order.
  std::vector<std::string> Walk(const store::InvoiceFilter& filter, int64_t* total) {
    std::vector<std::string> ids;
    store::PageRequest request{.size = 7};
    do {
      const auto page = Invoices(*core_).List(filter, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const InvoiceRecord& invoice : page->records) ids.push_back(invoice.id);
      *total = page->total_size;
      request.after = page->next;
    } while (!request.after.empty());
    return ids;
  }

  void CheckFilter(const store::InvoiceFilter& filter, const std::vector<InvoiceRecord>& everything) {
    std::vector<std::string> expected;
    for (const InvoiceRecord& invoice : everything) {
      if (Matches(invoice, filter)) expected.push_back(invoice.id);
    }
    if (filter.oldest_first) std::reverse(expected.begin(), expected.end());
    int64_t total = -1;
    EXPECT_EQ(Walk(filter, &total), expected);
    EXPECT_EQ(total, static_cast<int64_t>(expected.size()));
  }

  test::PlainSql sql_{url_};
  std::vector<std::string> customers_;
  std::vector<std::string> vendors_;
};

TEST_F(ListsTest, AnswerEveryCombinationOfFiltersInOrderAndCompletely) {
  FillBooks();
  const std::vector<InvoiceRecord> everything = Everything();
  ASSERT_EQ(everything.size(), 48U);
  std::set<InvoiceState> seen;
  for (const InvoiceRecord& invoice : everything) seen.insert(Invoices(*core_).StateOf(invoice));
  EXPECT_EQ(seen.size(), std::size(kStates) - 1) << "all but drafts";
  for (int mask = 0; mask < 32; ++mask) {
    store::InvoiceFilter filter;
    if (mask & 1) filter.customer_id = customers_[1];
    if (mask & 2) filter.vendor_id = vendors_[1];
    if (mask & 4) filter.from = absl::CivilDay(2026, 3, 1);
    if (mask & 4) filter.to = absl::CivilDay(2026, 11, 30);
    filter.oldest_first = (mask & 8) != 0;
    if (mask & 16) filter.q = "inv-2026-000";
    SCOPED_TRACE(mask);
    CheckFilter(filter, everything);
    for (const InvoiceState state : kStates) {
      SCOPED_TRACE(domain::Name(state));
      filter.state = state;
      CheckFilter(filter, everything);
    }
  }
}

TEST_F(ListsTest, TellCreditNotesFromInvoicesAndOpenFromSettled) {
  FillBooks();
  AddCreditNotesAndDrafts();
  const std::vector<InvoiceRecord> everything = Everything();
  for (int mask = 0; mask < 16; ++mask) {
    store::InvoiceFilter filter;
    if (mask & 1) filter.customer_id = customers_[1];
    if (mask & 2) filter.vendor_id = vendors_[1];
    filter.oldest_first = (mask & 4) != 0;
    if (mask & 8) filter.q = "2026";
    for (const std::optional<domain::DocumentKind> kind :
         {std::optional<domain::DocumentKind>(), std::optional(domain::DocumentKind::kInvoice),
          std::optional(domain::DocumentKind::kCreditNote)}) {
      for (const std::optional<bool> open : {std::optional<bool>(), std::optional(true), std::optional(false)}) {
        SCOPED_TRACE(fmt::format("{} {} {}", mask, kind ? domain::Name(*kind) : "both", open ? *open + 0 : -1));
        filter.kind = kind;
        filter.open = open;
        filter.state.reset();
        CheckFilter(filter, everything);
        for (const InvoiceState state : {InvoiceState::kDraft, InvoiceState::kPaid, InvoiceState::kOverdue,
                                         InvoiceState::kSent, InvoiceState::kIssued}) {
          filter.state = state;
          CheckFilter(filter, everything);
        }
      }
    }
  }
}

TEST_F(ListsTest, ExportNoDueDateOfCreditNotes) {
  FillBooks();
  AddCreditNotesAndDrafts();
  InvoiceExport lines(*core_, {.kind = domain::DocumentKind::kCreditNote});
  const auto text = lines.Next();
  ASSERT_TRUE(text.ok()) << text.status();
  const std::vector<std::string> rows = absl::StrSplit(*text, "\r\n");
  ASSERT_GT(rows.size(), 4U);
  for (size_t i = 1; i + 1 < rows.size(); ++i) {
    const std::vector<std::string> cells = absl::StrSplit(rows[i], ',');
    EXPECT_EQ(cells[1], "CREDIT_NOTE");
    EXPECT_THAT(cells[2], testing::AnyOf("ISSUED", "SENT"));
    EXPECT_EQ(cells[4], "") << rows[i];
  }
}

TEST_F(ListsTest, FindTextsOfAnyLength) {
  FillBooks();
  const std::vector<InvoiceRecord> everything = Everything();
  for (const char* q : {"1", "-", "00", "INV-2026-0007", "0007 cust", "CUSTOMER", "nobody", "%", "_", "zz"}) {
    SCOPED_TRACE(q);
    CheckFilter({.q = q}, everything);
    CheckFilter({.vendor_id = vendors_[0], .state = InvoiceState::kOverdue, .q = q}, everything);
    CheckFilter({.customer_id = customers_[2], .q = q}, everything);
  }
}

TEST_F(ListsTest, KnowNoCustomerOfAnotherVendor) {
  FillBooks();
  int64_t total = -1;
  EXPECT_TRUE(Walk({.customer_id = customers_[0], .vendor_id = vendors_[1]}, &total).empty());
  EXPECT_EQ(total, 0);
}

TEST_F(ListsTest, ExportWhatTheyList) {
  FillBooks();
  for (const std::optional<InvoiceState> state :
       {std::optional<InvoiceState>(), std::optional(InvoiceState::kOverdue)}) {
    const store::InvoiceFilter filter{.vendor_id = vendors_[1], .state = state};
    InvoiceExport lines(*core_, filter);
    std::string text;
    for (;;) {
      const auto piece = lines.Next();
      ASSERT_TRUE(piece.ok()) << piece.status();
      if (piece->empty()) break;
      text += *piece;
    }
    int64_t total = -1;
    const std::vector<std::string> ids = Walk(filter, &total);
    const std::vector<std::string> rows = absl::StrSplit(text, "\r\n");
    ASSERT_EQ(rows.size(), ids.size() + 2) << "a header, the invoices, nothing after the last line end";
    EXPECT_THAT(rows.front(), testing::StartsWith("number,kind,state,invoiceDate"));
    for (size_t i = 0; i < ids.size(); ++i) {
      EXPECT_THAT(rows[i + 1], testing::HasSubstr(ids[i]));
      if (state) {
        EXPECT_THAT(rows[i + 1], testing::HasSubstr(",INVOICE,OVERDUE,"));
      }
    }
  }
}

TEST(CsvTest, QuotesByTheBookAndDisarmsFormulas) {
  CsvLine line;
  line.Text("plain").Text("a,b").Text("say \"hi\"").Text("two\nlines").Text("").Text("=1+1").Text("+1").Text("@x");
  line.Text("-a,b").Value("-5.00").Text("Łódź");
  EXPECT_EQ(std::move(line).Take(),
            "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",,'=1+1,'+1,'@x,\"'-a,b\",-5.00,Łódź\r\n");
}

TEST(CsvTest, QuotesWhateverAReaderMayTakeForASeparator) {
  for (const char separator : {',', ';', '\t'}) {
    CsvLine line(separator);
    line.Text("a,b").Text("a;b").Text("a\tb").Text("=1;2").Value("1.00");
    const std::string expected = "\"a,b\"|\"a;b\"|\"a\tb\"|\"'=1;2\"|1.00\r\n";
    EXPECT_EQ(std::move(line).Take(), absl::StrReplaceAll(expected, {{"|", std::string(1, separator)}}));
  }
}

TEST_F(ListsTest, AnExportBeginsWithAByteOrderMarkWhereItIsWanted) {
  FillBooks();
  const std::string plain = *InvoiceExport(*core_, {}).Next();
  const std::string marked = *InvoiceExport(*core_, {}, {.byte_order_mark = true}).Next();
  EXPECT_EQ(marked, "\xEF\xBB\xBF" + plain);
  InvoiceExport tabbed(*core_, {}, {.separator = '\t'});
  EXPECT_EQ(*tabbed.Next(), absl::StrReplaceAll(plain, {{",", "\t"}})) << "no cell of these books has a comma";
  EXPECT_EQ(*tabbed.Next(), "") << "the mark and the header stand once";
}

TEST_F(ListsTest, OverdueIsNotedOnceForEachWhenItsCustomersDayHasCome) {
  FillBooks();
  int64_t overdue = 0;
  Walk({.state = InvoiceState::kOverdue}, &overdue);
  ASSERT_GT(overdue, 4);
  int noted = 0;
  for (int batch = -1; batch != 0; noted += batch) batch = *NoteOverdue(*core_, 3);
  EXPECT_EQ(noted, overdue);
  const std::string events =
      "SELECT count(*) || ' ' || count(DISTINCT resource_id) FROM audit_events WHERE action = 'overdue' AND actor_name "
      "= "
      "'scheduler'";
  EXPECT_EQ(sql_.Cell(events), fmt::format("{0} {0}", overdue));
  EXPECT_EQ(sql_.Cell("SELECT count(*) FROM invoices WHERE overdue_at IS NOT NULL"), fmt::to_string(overdue));
  EXPECT_EQ(*NoteOverdue(*core_, 100), 0);

  // What is next is due on 1 December in UTC: its midnight is the instant.
  const absl::Time next = absl::FromCivil(absl::CivilSecond(2026, 12, 2, 0, 0, 0), absl::UTCTimeZone());
  clock_.Set(next - absl::Seconds(1));
  EXPECT_EQ(*NoteOverdue(*core_, 100), 0);
  clock_.Set(next);
  EXPECT_GT(*NoteOverdue(*core_, 100), 0);
}

}  // namespace
}  // namespace invoice::app
