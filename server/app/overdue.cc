#include "app/overdue.h"

#include "app/once.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/money.h"
#include "store/json.h"
#include "store/overdue.h"

namespace invoice::app {

absl::StatusOr<int> NoteOverdue(Core& core, int limit) {
  const Call call = CallOfSystem("scheduler");
  ASSIGN_OR_RETURN(store::Transaction transaction, core.database.Begin());
  ASSIGN_OR_RETURN(const std::vector<store::FallenOverdue> fallen,
                   store::Overdue(transaction).Note(core.clock.Now(), limit));
  std::vector<Audited> events;
  for (const store::FallenOverdue& invoice : fallen) {
    const domain::Currency currency = domain::Currency::Find(invoice.currency_code).value();
    const std::string after = store::ToJson(
        std::vector<std::string>{invoice.number, domain::FormatDate(invoice.due_date),
                                 domain::FormatAmount(invoice.open_minor, currency), invoice.currency_code});
    events.push_back({invoice.vendor_id, "overdue", "invoice", invoice.invoice_id, "", after});
  }
  if (!events.empty()) RETURN_IF_ERROR(AuditAll(core, transaction, call, events));
  RETURN_IF_ERROR(transaction.Commit());
  return static_cast<int>(fallen.size());
}

}  // namespace invoice::app
