#include "pdf/statement_content.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pdf/parties.h"

namespace invoice::pdf {
namespace {

using domain::Statement;
using domain::StatementItem;
using domain::StatementTotal;

std::string Amount(int64_t amount_minor, domain::Currency currency, const locale::Locale& locale) {
  return amount_minor == 0 ? std::string() : locale.AmountText(amount_minor, currency);
}

GridContent OpenInvoices(const StatementTotal& total, const Statement& statement, const locale::Locale& locale) {
  const locale::Words& words = locale.words();
  const domain::Currency currency = total.currency;
  GridContent grid{.heading = fmt::format(fmt::runtime(words.open_invoices), currency.code()),
                   .columns = {{std::string(words.invoice)},
                               {std::string(words.date)},
                               {std::string(words.due_date)},
                               {std::string(words.days_overdue), true},
                               {std::string(words.total), true},
                               {std::string(words.paid), true},
                               {std::string(words.credited), true},
                               {std::string(words.open), true}}};
  int64_t running_minor = 0;
  for (const StatementItem& item : statement.items) {
    if (item.currency != currency) continue;
    running_minor = domain::AddAmounts(running_minor, item.open_minor).value_or(running_minor);
    grid.rows.push_back({item.number, locale.DateText(item.invoice_date), locale.DateText(item.due_date),
                         item.days_overdue > 0 ? locale.CountText(item.days_overdue) : std::string(),
                         locale.AmountText(item.total_minor, currency), Amount(item.paid_minor, currency, locale),
                         Amount(item.credited_minor, currency, locale), locale.AmountText(item.open_minor, currency)});
    grid.running.push_back(locale.AmountText(running_minor, currency));
  }
  grid.total = {std::string(words.total), "", "", "", "", "", "", locale.AmountText(total.open_minor, currency)};
  return grid;
}

GridContent Ages(const Statement& statement, const locale::Locale& locale) {
  const locale::Words& words = locale.words();
  const auto range = [&words](int first, int last) { return fmt::format(fmt::runtime(words.days_range), first, last); };
  GridContent grid{.heading = std::string(words.ageing),
                   .columns = {{std::string(words.currency)},
                               {std::string(words.not_due), true},
                               {range(1, 30), true},
                               {range(31, 60), true},
                               {range(61, 90), true},
                               {fmt::format(fmt::runtime(words.over_days), 90), true},
                               {std::string(words.open), true},
                               {std::string(words.unapplied), true}}};
  for (const StatementTotal& total : statement.totals) {
    std::vector<std::string> row{std::string(total.currency.code())};
    for (const int64_t amount_minor :
         {total.not_due_minor, total.overdue_1_30_minor, total.overdue_31_60_minor, total.overdue_61_90_minor,
          total.overdue_over_90_minor, total.open_minor, total.unapplied_minor}) {
      row.push_back(locale.AmountText(amount_minor, total.currency));
    }
    grid.rows.push_back(std::move(row));
  }
  return grid;
}

Content StatementHeadOf(const domain::StatementDocument& document, const locale::Locale& locale) {
  const locale::Words& words = locale.words();
  const Statement& statement = document.statement;
  const std::string day = locale.DateText(statement.as_of);
  Content head{.locale = locale, .currency = {}};
  head.title = words.statement;
  head.number = day;
  head.running_head = fmt::format("{} {}", words.statement, day);
  head.customer_label = words.customer;
  DescribeVendor(document.vendor, head);
  DescribeCustomer(document.customer, head);
  head.details.push_back({words.as_of, day});
  const bool one_currency = statement.totals.size() == 1;
  for (const StatementTotal& total : statement.totals) {
    const std::string open = locale.MoneyText(total.open_minor, total.currency);
    if (one_currency) head.amount_due = {words.amount_open, open};
    if (!one_currency) head.details.push_back({words.amount_open, open});
    if (total.unapplied_minor != 0) {
      head.details.push_back({words.unapplied, locale.MoneyText(total.unapplied_minor, total.currency)});
    }
  }
  return head;
}

}  // namespace

StatementContent ContentOf(const domain::StatementDocument& document) {
  const locale::Locale& locale = locale::Locale::Of(document.vendor.locale);
  const Statement& statement = document.statement;
  StatementContent content{.head = StatementHeadOf(document, locale), .grids = {}, .remark = {}};
  for (const StatementTotal& total : statement.totals) {
    GridContent grid = OpenInvoices(total, statement, locale);
    if (!grid.rows.empty()) content.grids.push_back(std::move(grid));
  }
  if (content.grids.empty()) content.remark = locale.words().no_open_invoices;
  if (statement.truncated) content.remark = locale.words().list_cut;
  if (!statement.totals.empty()) content.grids.push_back(Ages(statement, locale));
  return content;
}

}  // namespace invoice::pdf
