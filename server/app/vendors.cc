#include "app/vendors.h"

#include "absl/strings/ascii.h"
#include "app/once.h"
#include "app/printed_fields.h"
#include "base/id.h"
#include "domain/calendar.h"
#include "domain/iban.h"
#include "domain/numbers.h"
#include "store/json.h"

namespace invoice::app {
namespace {

using domain::Vendor;

absl::Status CheckPattern(const std::string& pattern, const char* field) {
  const absl::Status status = domain::NumberPattern::Parse(pattern).status();
  return status.ok() ? status : base::InvalidField(field, std::string(status.message()));
}

// Codes as they are kept: banks write them in capitals, and blanks are for reading.
void Tidy(domain::BankDetails& bank) {
  bank.iban = domain::CompactIban(bank.iban);
  absl::AsciiStrToUpper(&bank.bic);
}

// What the field rules of the request cannot say.
absl::Status CheckVendor(const Core& core, const Vendor& vendor) {
  if (!vendor.bank.iban.empty() && !domain::IsIban(vendor.bank.iban)) {
    return base::InvalidField("bank.iban",
                              "an IBAN with right check digits; other account numbers belong in accountNumber");
  }
  RETURN_IF_ERROR(CheckPattern(vendor.number_pattern, "numberPattern"));
  RETURN_IF_ERROR(CheckPattern(vendor.credit_note_pattern, "creditNotePattern"));
  if (vendor.number_pattern == vendor.credit_note_pattern) {
    return base::InvalidField("creditNotePattern", "another pattern than numberPattern");
  }
  return CheckPrintedFields(core, vendor);
}

}  // namespace

absl::Status CheckActive(const Vendor& vendor) {
  if (vendor.active) return absl::OkStatus();
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kVendorInactive,
                       "the vendor is deactivated; undelete it first", {{"vendorId", vendor.id}});
}

absl::Status CheckBooksOpen(const Vendor& vendor, absl::CivilDay day, std::string_view way_out) {
  if (!vendor.books_closed_through || day > *vendor.books_closed_through) return absl::OkStatus();
  const std::string through = domain::FormatDate(*vendor.books_closed_through);
  return base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kBooksClosed,
                       "the vendor's books are closed through " + through + "; " + std::string(way_out),
                       {{"booksClosedThrough", through}});
}

absl::StatusOr<Outcome<Vendor>> Vendors::Create(const Call& call, Vendor vendor, const Encode<Vendor>& encode) {
  Tidy(vendor.bank);
  RETURN_IF_ERROR(CheckVendor(core_, vendor));
  return Once<Vendor>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Vendor> {
    const absl::Time now = core_.clock.Now();
    vendor.id = base::NewId(core_.clock);
    vendor.active = true;
    RETURN_IF_ERROR(store::Vendors(transaction).Insert(vendor, now));
    ASSIGN_OR_RETURN(const Vendor created, store::Vendors(transaction).Get(vendor.id));
    RETURN_IF_ERROR(
        Audit(core_, transaction, call, {vendor.id, "create", "vendor", vendor.id, "", store::ToJson(created)}));
    return created;
  });
}

absl::StatusOr<Vendor> Vendors::Get(const std::string& id) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Vendors(transaction).Get(id);
}

absl::StatusOr<store::Page<Vendor>> Vendors::List(const store::VendorFilter& filter, const store::PageRequest& page) {
  ASSIGN_OR_RETURN(store::Transaction transaction, core_.database.Begin());
  return store::Vendors(transaction).List(filter, page);
}

absl::StatusOr<Outcome<Vendor>> Vendors::Update(const Call& call, const std::string& id, const std::string& etag,
                                                const Change<Vendor>& change, const Encode<Vendor>& encode) {
  return Once<Vendor>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Vendor> {
    store::Vendors vendors(transaction);
    ASSIGN_OR_RETURN(const Vendor before, vendors.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    RETURN_IF_ERROR(CheckActive(before));
    Vendor after = before;
    RETURN_IF_ERROR(change(after));
    Tidy(after.bank);
    RETURN_IF_ERROR(CheckVendor(core_, after));
    RETURN_IF_ERROR(vendors.Update(after, core_.clock.Now()));
    ASSIGN_OR_RETURN(const Vendor updated, vendors.Get(id));
    RETURN_IF_ERROR(
        Audit(core_, transaction, call, {id, "update", "vendor", id, store::ToJson(before), store::ToJson(updated)}));
    return updated;
  });
}

absl::StatusOr<Outcome<Vendor>> Vendors::SetActive(const Call& call, const std::string& id, const std::string& etag,
                                                   bool active, const Encode<Vendor>& encode) {
  return Once<Vendor>(core_, call, encode, [&](store::Transaction& transaction) -> absl::StatusOr<Vendor> {
    store::Vendors vendors(transaction);
    ASSIGN_OR_RETURN(const Vendor before, vendors.Lock(id));
    RETURN_IF_ERROR(CheckEtag(etag, before.version));
    if (before.active == active) return before;
    Vendor after = before;
    after.active = active;
    RETURN_IF_ERROR(vendors.Update(after, core_.clock.Now()));
    ASSIGN_OR_RETURN(const Vendor updated, vendors.Get(id));
    RETURN_IF_ERROR(
        Audit(core_, transaction, call,
              {id, active ? "undelete" : "delete", "vendor", id, store::ToJson(before), store::ToJson(updated)}));
    return updated;
  });
}

}  // namespace invoice::app
