#include "store/invoice_pages.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "base/status.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

using domain::InvoiceState;

constexpr int kTrigram = 3;

// As arrays of PostgreSQL.
constexpr char kAllStages[] = "{DRAFT,ISSUED,SENT,PARTIALLY_PAID,PAID,CREDITED,CANCELLED}";
constexpr char kOpenStages[] = "{ISSUED,SENT,PARTIALLY_PAID}";

// The stages of a state, and whether their open invoices must, or must not, be past due.
struct Wanted {
  std::string stages;
  std::optional<bool> overdue;
};

Wanted WantedFor(const std::optional<InvoiceState>& state) {
  if (!state) return {kAllStages, std::nullopt};
  const std::string stage = "{" + std::string(domain::Name(*state)) + "}";
  switch (*state) {
    case InvoiceState::kOverdue:
      return {kOpenStages, true};
    case InvoiceState::kIssued:
    case InvoiceState::kSent:
    case InvoiceState::kPartiallyPaid:
      return {stage, false};
    default:
      return {stage, std::nullopt};
  }
}

// Of the invoices in stage ISSUED or SENT all are open: the others of these stages are the credit notes.
std::optional<bool> IsCreditNote(const std::optional<domain::DocumentKind>& kind) {
  return kind ? std::optional(*kind == domain::DocumentKind::kCreditNote) : std::nullopt;
}

// Whether the index of texts can help: it knows runs of three letters or digits.
bool HasTrigram(std::string_view text) {
  int run = 0;
  for (const unsigned char c : text) {
    const bool follows = (c & 0xc0) == 0x80;  // a further byte of the character before
    if (!follows) run = c >= 0x80 || absl::ascii_isalnum(c) ? run + 1 : 0;
    if (run == kTrigram) return true;
  }
  return false;
}

// The part of a text that is looked up: of "INV-2026-0001234" only the longest run of digits, for nearly all invoices
// have the rest, and the index would read what it knows about each piece of it.
std::string_view RarestPart(std::string_view text) {
  std::string_view longest;
  for (size_t i = 0; i < text.size(); ++i) {
    size_t end = i;
    while (end < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[end]))) ++end;
    if (end - i > longest.size()) longest = text.substr(i, end - i);
    i = std::max(i, end);
  }
  return longest.size() > kTrigram ? longest : text;
}

class PageFinder {
 public:
  PageFinder(Transaction& transaction, const InvoiceFilter& filter, const PageRequest& request, absl::Time now)
      : transaction_(transaction), filter_(filter), size_(request.size) {
    const Wanted wanted = WantedFor(filter.state);
    conditions_ = {{"stages", wanted.stages},
                   {"overdue", wanted.overdue},
                   {"open", filter.open},
                   {"credit_note", IsCreditNote(filter.kind)},
                   {"from_on", filter.from ? ToText(*filter.from) : "-infinity"},
                   {"to_on", filter.to ? ToText(*filter.to) : "infinity"},
                   {"earliest_today", EarliestToday(now)},
                   {"latest_today", LatestToday(now)},
                   {"now", now}};
    const bool more = request.after.size() == 2;
    const char* start_on = filter.oldest_first ? "-infinity" : "infinity";
    const char* start_id =
        filter.oldest_first ? "00000000-0000-0000-0000-000000000000" : "ffffffff-ffff-ffff-ffff-ffffffffffff";
    cursor_ = {{"after_1", more ? request.after[0] : start_on}, {"after_2", more ? request.after[1] : start_id}};
  }

  absl::StatusOr<InvoicePage> Find(Counting counting) {
    // Values must not tempt the planner: each statement has one plan that is good for all of them.
    RETURN_IF_ERROR(transaction_.Query(sql::kPlanOnce, {}).status());
    ASSIGN_OR_RETURN(q_, FoldText(transaction_, filter_.q));
    if (!q_.empty()) return FindText(counting);
    if (!filter_.customer_id.empty()) {
      return Listed(filter_.oldest_first ? sql::kInvoicePageOfCustomerOldest : sql::kInvoicePageOfCustomerNewest,
                    sql::kInvoiceCountOfCustomer, {{"customer_id", filter_.customer_id}}, counting);
    }
    if (!filter_.vendor_id.empty()) {
      return Listed(filter_.oldest_first ? sql::kInvoicePageOfVendorOldest : sql::kInvoicePageOfVendorNewest,
                    sql::kInvoiceCountOfVendor, {{"vendor_id", filter_.vendor_id}}, counting);
    }
    return Listed(filter_.oldest_first ? sql::kInvoicePageOldest : sql::kInvoicePageNewest, sql::kInvoiceCount, {},
                  counting);
  }

 private:
  static Params Joined(Params params, const Params& others) {
    params.insert(params.end(), others.begin(), others.end());
    return params;
  }

  absl::StatusOr<InvoicePage> Listed(const Sql& list, const Sql& count, const Params& scope, Counting counting) {
    ASSIGN_OR_RETURN(const Rows rows, transaction_.Query(list, Joined(Joined(conditions_, scope),
                                                                      Joined(cursor_, {{"limit", size_ + 1}}))));
    InvoicePage page = PageOf(rows);
    if (counting == Counting::kNo) return page;
    const Params limited = Joined(Joined(conditions_, scope), {{"limit", base::kMaxExactTotal + 1}});
    ASSIGN_OR_RETURN(const std::optional<Row> counted, transaction_.QueryRow(count, limited));
    SetTotal(counted->Int("count"), &page);
    return page;
  }

  // What has the text is collected by the index of texts and sorted, up to a bound; a text that more invoices have is
  // looked for in order, because the next one that has it is near.
  absl::StatusOr<InvoicePage> FindText(Counting counting) {
    const Params scope = {{"vendor_id", NullIfEmpty(filter_.vendor_id)}, {"q", ContainsPattern(q_)}};
    const bool of_customer = !filter_.customer_id.empty();
    const Sql& scan = filter_.oldest_first ? sql::kInvoiceScanOldest : sql::kInvoiceScanNewest;
    if (!of_customer && !HasTrigram(q_)) return Listed(scan, sql::kInvoiceScanCount, scope, counting);
    Params params = Joined(Joined(conditions_, scope),
                           Joined(cursor_, {{"limit", size_ + 1}, {"oldest_first", filter_.oldest_first}}));
    params.emplace_back("most", of_customer ? base::kMaxInvoicesOfCustomer : base::kMaxExactTotal + 1);
    if (of_customer) {
      params.emplace_back("customer_id", filter_.customer_id);
    } else {
      params.emplace_back("part", ContainsPattern(RarestPart(q_)));
    }
    ASSIGN_OR_RETURN(const Rows rows,
                     transaction_.Query(of_customer ? sql::kInvoiceSearchOfCustomer : sql::kInvoiceSearch, params));
    InvoicePage page = PageOf(rows);
    SetTotal(rows.empty() ? 0 : rows.front().Int("count"), &page);
    if (of_customer || !page.total_capped) return page;
    ASSIGN_OR_RETURN(page, Listed(scan, sql::kInvoiceScanCount, scope, Counting::kNo));
    SetTotal(base::kMaxExactTotal + 1, &page);
    return page;
  }

  InvoicePage PageOf(const Rows& rows) const {
    InvoicePage page;
    for (const Row& row : rows) {
      if (static_cast<int>(page.ids.size()) == size_) break;
      page.ids.push_back(row.Text("cursor_2"));
      page.next = {row.Text("cursor_1"), row.Text("cursor_2")};
    }
    if (static_cast<int>(rows.size()) <= size_) page.next.clear();
    return page;
  }

  static void SetTotal(int64_t count, InvoicePage* page) {
    page->total_capped = count > base::kMaxExactTotal;
    page->total_size = std::min<int64_t>(count, base::kMaxExactTotal);
  }

  Transaction& transaction_;
  const InvoiceFilter& filter_;
  const int size_;
  std::string q_;  // folded
  Params conditions_;
  Params cursor_;
};

// A customer belongs to one vendor: with another one asked for, nothing matches.
absl::StatusOr<bool> CustomerIsOf(Transaction& transaction, const std::string& customer_id,
                                  const std::string& vendor_id) {
  ASSIGN_OR_RETURN(const std::optional<Row> row, transaction.QueryRow(sql::kCustomerVendor, {{"id", customer_id}}));
  return row && row->Text("vendor_id") == vendor_id;
}

}  // namespace

absl::StatusOr<InvoicePage> FindInvoicePage(Transaction& transaction, const InvoiceFilter& filter,
                                            const PageRequest& page, absl::Time now, Counting counting) {
  if (!filter.customer_id.empty() && !filter.vendor_id.empty()) {
    ASSIGN_OR_RETURN(const bool matches, CustomerIsOf(transaction, filter.customer_id, filter.vendor_id));
    if (!matches) return InvoicePage();
  }
  return PageFinder(transaction, filter, page, now).Find(counting);
}

}  // namespace invoice::store
