#include "app/statements.h"

#include "app/logos.h"
#include "app/today.h"
#include "base/status.h"
#include "domain/calendar.h"
#include "domain/generation.h"
#include "store/customers.h"
#include "store/open_items.h"
#include "store/vendors.h"

namespace invoice::app {

absl::StatusOr<domain::StatementDocument> Statements::Read(const std::string& customer_id,
                                                           std::optional<absl::CivilDay> as_of) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  ASSIGN_OR_RETURN(const domain::Customer customer, store::Customers(transaction).Get(customer_id));
  ASSIGN_OR_RETURN(const domain::Vendor vendor, store::Vendors(transaction).Get(customer.vendor_id));
  ASSIGN_OR_RETURN(const absl::CivilDay today, LocalToday(core_, customer.schedule.time_zone));
  domain::InvoiceDocument parties;
  domain::RefreshParties(vendor, customer, parties);
  domain::StatementDocument document{.vendor = std::move(parties.vendor), .customer = std::move(parties.customer)};
  ASSIGN_OR_RETURN(document.statement, store::ReadStatement(transaction, customer_id, as_of.value_or(today)));
  return document;
}

absl::StatusOr<domain::Statement> Statements::Get(const std::string& customer_id, std::optional<absl::CivilDay> as_of) {
  ASSIGN_OR_RETURN(domain::StatementDocument document, Read(customer_id, as_of));
  return std::move(document.statement);
}

absl::StatusOr<Document> Statements::Download(const std::string& customer_id, std::optional<absl::CivilDay> as_of) {
  ASSIGN_OR_RETURN(const domain::StatementDocument document, Read(customer_id, as_of));
  ASSIGN_OR_RETURN(const LogoFiles::File logo, LogoFileOf(core_, document.vendor.logo_sha256));
  ASSIGN_OR_RETURN(std::string bytes, core_.renderer.RenderStatement(document, *logo));
  return Document{.file_name = "statement-" + domain::FormatDate(document.statement.as_of) + ".pdf",
                  .content_type = "application/pdf",
                  .bytes = std::move(bytes)};
}

}  // namespace invoice::app
