#include <google/protobuf/util/json_util.h>

#include <cstdlib>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "rpc/change.h"
#include "rpc/convert.h"
#include "rpc/convert_parties.h"
#include "rpc/convert_records.h"
#include "rpc/handlers.h"
#include "rpc/import_cells.h"

namespace invoice::rpc {
namespace {

using google::protobuf::Message;

constexpr char kDefaultDescription[] = "Opening balance";

const ImportColumns& CustomerColumns() {
  static const ImportColumns& columns = *new ImportColumns{
      {"name", "name", true},
      {"email", "email"},
      {"ccEmails", "cc_emails"},
      {"bccEmails", "bcc_emails"},
      {"line1", "address.line1"},
      {"line2", "address.line2"},
      {"city", "address.city"},
      {"region", "address.region"},
      {"postalCode", "address.postal_code"},
      {"countryCode", "address.country_code"},
      {"contractorName", "contractor_name"},
      {"serviceLocation", "service_location"},
      {"locale", "locale"},
      {"taxNumber", "tax_number"},
      {"invoicePrefix", "contract.invoice_prefix"},
      {"numberPattern", "contract.number_pattern"},
      {"frequency", "contract.frequency"},
      {"defaultHours", "contract.default_hours"},
      {"ratePerHour", "contract.rate_per_hour"},
      {"currencyCode", "contract.currency_code"},
      {"taxes", "contract.taxes"},
      {"paymentTerms", "contract.payment_terms"},
      {"extraFees", "contract.extra_fees"},
      {"extraFeesLabel", "contract.extra_fees_label"},
      {"startDate", "contract.start_date"},
      {"endDate", "contract.end_date"},
      {"purchaseOrder", "contract.purchase_order"},
      {"buyerReference", "contract.buyer_reference"},
      {"requireTimesheet", "contract.require_timesheet"},
      {"partialPeriods", "contract.partial_periods"},
      {"notes", "contract.notes"},
      {"enabled", "schedule.enabled"},
      {"autoSendEmail", "schedule.auto_send_email"},
      {"autoIssue", "schedule.auto_issue"},
      {"timeZone", "schedule.time_zone"},
      {"billingWeekday", "schedule.billing_weekday"},
      {"anchorDate", "schedule.anchor_date"},
      {"billingDay", "schedule.billing_day"},
      {"missedRunPolicy", "schedule.missed_run_policy"},
      {"maxCatchUp", "schedule.max_catch_up"},
  };
  return columns;
}

const ImportColumns& InvoiceColumns() {
  static const ImportColumns& columns = *new ImportColumns{
      {"customer", "", true},
      {"number", "number", true},
      {"invoiceDate", "invoice_date", true},
      {"dueDate", "due_date"},
      {"periodStart", "period_start", true},
      {"periodEnd", "period_end", true},
      {"currencyCode", "currency_code"},
      {"description", "description"},
      {"subtotal", "subtotal", true},
      {"taxes", "taxes"},
      {"taxAmounts", "tax_amounts"},
      {"total", "total", true},
      {"purchaseOrder", "purchase_order"},
      {"notes", "notes"},
  };
  return columns;
}

const ImportColumns& TimesheetColumns() {
  static const ImportColumns& columns = *new ImportColumns{
      {"customer", "", true},      {"periodStart", "period_start", true},
      {"periodEnd", "period_end"}, {"hours", "hours", true},
      {"expenses", "expenses"},    {"notes", "notes"},
  };
  return columns;
}

std::string CellOf(const csv::Table& table, const csv::Row& cells, const char* column) {
  for (size_t i = 0; i < table.columns.size() && i < cells.cells.size(); ++i) {
    if (table.columns[i] == column) return cells.cells[i];
  }
  return "";
}

// The rows of the file, each as a message like `blank` in JSON, with what the field rules say about it.
absl::StatusOr<std::vector<domain::ImportRow>> ReadRows(const RuleBook& rules, const ImportColumns& columns,
                                                        const char* name_column, const Message& blank,
                                                        const std::string& bytes) {
  ASSIGN_OR_RETURN(const csv::Table table, csv::Parse(bytes, HeaderOf(columns)));
  std::vector<domain::ImportRow> rows;
  for (const csv::Row& cells : table.rows) {
    domain::ImportRow& row = rows.emplace_back(domain::ImportRow{.line = cells.line});
    row.name = base::VisibleText(CellOf(table, cells, name_column));
    if (base::CountCodePoints(row.name) > base::kMaxNameCharacters) row.name.clear();
    const std::unique_ptr<Message> message(blank.New());
    message->CopyFrom(blank);
    FillFromCells(columns, table, cells, message.get(), &row);
    // What a row with a wrong number of cells means is not known.
    if (cells.cells.size() != table.columns.size()) continue;
    RETURN_IF_ERROR(app::AddFaults(rules.CheckPart(message.get()), row));
    if (!google::protobuf::util::MessageToJsonString(*message, &row.content).ok()) {
      return absl::InternalError("a row cannot be written as JSON");
    }
  }
  return rows;
}

template <typename Row>
absl::StatusOr<Row> ReadContent(const std::string& content) {
  Row row;
  if (!google::protobuf::util::JsonStringToMessage(content, &row).ok()) {
    return absl::InternalError("a kept row of an import cannot be read");
  }
  return row;
}

absl::StatusOr<domain::Customer> ReadCustomer(const std::string& content, const domain::Customer& defaults) {
  ASSIGN_OR_RETURN(const auto given, ReadContent<v1::Customer>(content));
  return NewCustomerFromProto(given, defaults);
}

absl::StatusOr<domain::Timesheet> ReadTimesheet(const std::string& content, const domain::Customer& customer) {
  ASSIGN_OR_RETURN(auto given, ReadContent<v1::Timesheet>(content));
  given.set_customer_id(customer.id);
  return TimesheetFromProto(given, customer.contract);
}

absl::StatusOr<domain::OpeningInvoice> ReadInvoice(const std::string& content, const domain::Customer& customer) {
  ASSIGN_OR_RETURN(const auto given, ReadContent<v1::OpeningInvoice>(content));
  const std::string& own = given.currency_code();
  domain::OpeningInvoice opening;
  ASSIGN_OR_RETURN(opening.currency, CurrencyIn(own.empty() ? customer.contract.currency_code : own, "currencyCode"));
  opening.number = given.number();
  opening.invoice_date = DateIn(given.invoice_date()).value_or(absl::CivilDay());
  opening.due_date = DateIn(given.due_date());
  opening.period = {DateIn(given.period_start()).value_or(absl::CivilDay()),
                    DateIn(given.period_end()).value_or(absl::CivilDay())};
  opening.description = given.description().empty() ? kDefaultDescription : given.description();
  ASSIGN_OR_RETURN(opening.subtotal_minor, AmountIn(given.subtotal(), opening.currency, "subtotal"));
  ASSIGN_OR_RETURN(opening.taxes, TaxesFromProto(given.taxes(), "taxes"));
  for (const std::string& text : given.tax_amounts()) {
    ASSIGN_OR_RETURN(const int64_t amount, AmountIn(text, opening.currency, "taxAmounts"));
    opening.tax_amounts_minor.push_back(amount);
  }
  ASSIGN_OR_RETURN(opening.total_minor, AmountIn(given.total(), opening.currency, "total"));
  opening.purchase_order = given.purchase_order();
  opening.notes = given.notes();
  return opening;
}

template <typename Response>
Response CheckToProto(const domain::ImportRecord& import) {
  Response response;
  response.set_import_id(import.id);
  for (const domain::ImportRow& row : import.rows) {
    auto* added = response.add_rows();
    added->set_line(row.line);
    added->set_name(row.name);
    for (const std::string& fault : row.faults) added->add_faults(fault);
    AddWarnings(row.warnings, added->mutable_warnings());
  }
  response.set_valid_count(static_cast<int>(import.rows.size()) - import.faulty_count);
  response.set_faulty_count(import.faulty_count);
  return response;
}

void ServeCustomerImport(Api& api, app::Imports& imports) {
  api.On(
      "CustomerService/ImportCustomers",
      [&](Context& context, const v1::ImportCustomersRequest& request) -> absl::StatusOr<v1::ImportCustomersResponse> {
        v1::Customer blank;
        blank.set_vendor_id(request.vendor_id());
        ASSIGN_OR_RETURN(const auto rows, ReadRows(api.rules(), CustomerColumns(), "name", blank, request.csv()));
        return Answer<domain::ImportRecord>(
            context, CheckToProto<v1::ImportCustomersResponse>, [&](const auto& encode) {
              return imports.CheckCustomers(context.call(), request.vendor_id(), rows, ReadCustomer, encode);
            });
      });
  const auto convert = [](const app::Imported& imported) {
    v1::ExecuteImportResponse response;
    for (const std::string& id : imported.ids) response.add_customer_ids(id);
    return response;
  };
  api.On("CustomerService/ExecuteImport", [&, convert](Context& context, const v1::ExecuteImportRequest& request) {
    return Answer<app::Imported>(context, convert, [&](const auto& encode) {
      return imports.ExecuteCustomers(context.call(), request.import_id(), ReadCustomer, encode);
    });
  });
}

void ServeInvoiceImport(Api& api, app::Imports& imports) {
  api.On("InvoiceService/ImportInvoices",
         [&](Context& context, const v1::ImportInvoicesRequest& request) -> absl::StatusOr<v1::ImportInvoicesResponse> {
           ASSIGN_OR_RETURN(const auto rows,
                            ReadRows(api.rules(), InvoiceColumns(), "number", v1::OpeningInvoice(), request.csv()));
           return Answer<domain::ImportRecord>(
               context, CheckToProto<v1::ImportInvoicesResponse>, [&](const auto& encode) {
                 return imports.CheckInvoices(context.call(), request.vendor_id(), rows, ReadInvoice, encode);
               });
         });
  const auto convert = [](const app::Imported& imported) {
    v1::ExecuteInvoiceImportResponse response;
    for (const std::string& id : imported.ids) response.add_invoice_ids(id);
    return response;
  };
  api.On("InvoiceService/ExecuteInvoiceImport",
         [&, convert](Context& context, const v1::ExecuteInvoiceImportRequest& request) {
           return Answer<app::Imported>(context, convert, [&](const auto& encode) {
             return imports.ExecuteInvoices(context.call(), request.import_id(), ReadInvoice, encode);
           });
         });
}

void ServeTimesheetImport(Api& api, app::Imports& imports) {
  api.On("CustomerService/ImportTimesheets",
         [&](Context& context,
             const v1::ImportTimesheetsRequest& request) -> absl::StatusOr<v1::ImportTimesheetsResponse> {
           ASSIGN_OR_RETURN(const auto rows,
                            ReadRows(api.rules(), TimesheetColumns(), "customer", v1::Timesheet(), request.csv()));
           return Answer<domain::ImportRecord>(
               context, CheckToProto<v1::ImportTimesheetsResponse>, [&](const auto& encode) {
                 return imports.CheckTimesheets(context.call(), request.vendor_id(), rows, ReadTimesheet, encode);
               });
         });
  const auto convert = [](const app::Imported& imported) {
    v1::ExecuteTimesheetImportResponse response;
    response.set_timesheet_count(static_cast<int>(imported.ids.size()));
    return response;
  };
  api.On("CustomerService/ExecuteTimesheetImport",
         [&, convert](Context& context, const v1::ExecuteTimesheetImportRequest& request) {
           return Answer<app::Imported>(context, convert, [&](const auto& encode) {
             return imports.ExecuteTimesheets(context.call(), request.import_id(), ReadTimesheet, encode);
           });
         });
}

}  // namespace

void ServeImports(Api& api, app::Imports& imports) {
  // No request holds it: it is a row of a file.
  if (const absl::Status status = api.rules().Compile(v1::OpeningInvoice::descriptor()); !status.ok()) {
    base::Log(base::Level::kError, "rules of imported invoices", {{"problem", std::string(status.message())}});
    std::abort();
  }
  ServeCustomerImport(api, imports);
  ServeInvoiceImport(api, imports);
  ServeTimesheetImport(api, imports);
}

}  // namespace invoice::rpc
