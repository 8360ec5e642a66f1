#include "store/vendors.h"

#include "base/status.h"
#include "store/copy_rows.h"
#include "store/json.h"
#include "store/statements.h"

namespace invoice::store {
namespace {

domain::Vendor ReadVendor(const Row& row) {
  domain::Vendor vendor;
  vendor.id = row.Text("id");
  vendor.name = row.Text("name");
  vendor.email = row.Text("email");
  vendor.phone = row.Text("phone");
  vendor.tax_number = row.Text("tax_number");
  vendor.default_contractor = row.Text("default_contractor");
  vendor.currency_code = row.Text("currency_code");
  vendor.locale = row.Text("locale");
  vendor.paper_size = domain::Parse<domain::PaperSize>(row.Text("paper_size")).value();
  vendor.accent_color = row.Text("accent_color");
  vendor.logo_sha256 = row.OptionalText("logo_sha256").value_or("");
  vendor.archive_email = row.Text("archive_email");
  vendor.address = AddressFromJson(row.Text("address"));
  vendor.bank = BankFromJson(row.Text("bank"));
  vendor.number_pattern = row.Text("number_pattern");
  vendor.credit_note_pattern = row.Text("credit_note_pattern");
  vendor.books_closed_through = row.OptionalDay("books_closed_through_on");
  vendor.refuse_back_dating = row.Bool("refuse_back_dating");
  vendor.active = row.Bool("active");
  vendor.version = row.Int("version");
  vendor.created_at = row.Time("created_at");
  vendor.updated_at = row.Time("updated_at");
  return vendor;
}

Params ColumnsOfVendor(const domain::Vendor& vendor, absl::Time now) {
  return {{"id", vendor.id},
          {"name", vendor.name},
          {"email", vendor.email},
          {"phone", vendor.phone},
          {"tax_number", vendor.tax_number},
          {"default_contractor", vendor.default_contractor},
          {"currency_code", vendor.currency_code},
          {"locale", vendor.locale},
          {"paper_size", domain::Name(vendor.paper_size)},
          {"accent_color", vendor.accent_color},
          {"logo_sha256", vendor.logo_sha256.empty() ? std::nullopt : std::optional(vendor.logo_sha256)},
          {"archive_email", vendor.archive_email},
          {"address", ToJson(vendor.address)},
          {"bank", ToJson(vendor.bank)},
          {"number_pattern", vendor.number_pattern},
          {"credit_note_pattern", vendor.credit_note_pattern},
          {"books_closed_through_on", vendor.books_closed_through},
          {"refuse_back_dating", vendor.refuse_back_dating},
          {"active", vendor.active},
          {"now", now}};
}

absl::StatusOr<domain::Vendor> OneVendor(absl::StatusOr<std::optional<Row>> row, const std::string& id) {
  if (!row.ok()) return row.status();
  if (!*row) return base::NotFound("vendor", id);
  return ReadVendor(**row);
}

}  // namespace

absl::Status Vendors::Insert(const domain::Vendor& vendor, absl::Time now) {
  return transaction_.Execute(sql::kVendorInsert, ColumnsOfVendor(vendor, now)).status();
}

absl::Status Vendors::Update(const domain::Vendor& vendor, absl::Time now) {
  return transaction_.Execute(sql::kVendorUpdate, ColumnsOfVendor(vendor, now)).status();
}

absl::StatusOr<domain::Vendor> Vendors::Get(const std::string& id) {
  return OneVendor(transaction_.QueryRow(sql::kVendorGet, {{"id", id}}), id);
}

absl::StatusOr<domain::Vendor> Vendors::Lock(const std::string& id) {
  RETURN_IF_ERROR(transaction_.EnterGate("vendor " + id));
  return OneVendor(transaction_.QueryRow(sql::kVendorLock, {{"id", id}}), id);
}

absl::StatusOr<domain::Vendor> Vendors::Share(const std::string& id) {
  return OneVendor(transaction_.QueryRow(sql::kVendorShare, {{"id", id}}), id);
}

absl::StatusOr<std::vector<domain::Vendor>> Vendors::GetAll(const std::vector<std::string>& ids, bool share) {
  ASSIGN_OR_RETURN(const Rows rows,
                   transaction_.Query(share ? sql::kVendorShareAll : sql::kVendorGetAll, {{"ids", ArrayText(ids)}}));
  std::vector<domain::Vendor> vendors;
  for (const Row& row : rows) vendors.push_back(ReadVendor(row));
  return vendors;
}

absl::StatusOr<Page<domain::Vendor>> Vendors::List(const VendorFilter& filter, const PageRequest& page) {
  ASSIGN_OR_RETURN(const std::string q, FoldText(transaction_, filter.q));
  return ReadPage<domain::Vendor>(transaction_, sql::kVendorList, sql::kVendorCount,
                                  {{"active", filter.active}, {"q", ContainsPattern(q)}}, page, ReadVendor);
}

}  // namespace invoice::store
