#include "pdf/printable.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/status.h"

namespace invoice::pdf {
namespace {

bool IsPlainAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool IsBreakOfParagraphs(gunichar character) { return character == '\n' || character == '\t'; }

bool OverridesDirection(gunichar character) {
  return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}

// Format characters with a glyph: signs of Arabic and Syriac around numbers and abbreviations, and a mark of direction.
// Pango takes all others for blanks in the font of the text before, which need not have them.
bool IsFormatWithGlyph(gunichar character) {
  return (character >= 0x0600 && character <= 0x0605) || character == 0x061C || character == 0x06DD ||
         character == 0x070F || character == 0x08E2;
}

bool IsPrintable(gunichar character, const FontLibrary& fonts) {
  switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return false;
    case G_UNICODE_SPACE_SEPARATOR:
      return true;
    case G_UNICODE_FORMAT:
      if (!pango_is_zero_width(character) && !IsFormatWithGlyph(character)) return false;
      [[fallthrough]];
    default:
      // Joiners and variation selectors have no glyph and need none.
      if (OverridesDirection(character)) return false;
      return pango_is_zero_width(character) || fonts.Has(character);
  }
}

class Checker {
 public:
  explicit Checker(const FontLibrary& fonts) : fonts_(fonts) {}

  // `path` is called only for a text at fault.
  template <typename Path>
  void Check(std::string_view text, TextKind kind, const Path& path) {
    if (!status_.ok() || IsPlainAscii(text)) return;
    const std::optional<std::string> character = FirstUnprintable(text, kind, fonts_);
    if (!character) return;
    const std::string field(path());
    status_ = base::Failure(absl::StatusCode::kFailedPrecondition, base::Reason::kCharacterNotInFonts,
                            fmt::format("{} has a character that cannot be printed: {}", field, *character),
                            {{"field", field}, {"character", *character}});
  }
  void Line(std::string_view text, std::string_view field) {
    Check(text, TextKind::kOneLine, [field] { return field; });
  }
  void Paragraphs(std::string_view text, std::string_view field) {
    Check(text, TextKind::kParagraphs, [field] { return field; });
  }

  const absl::Status& status() const { return status_; }

 private:
  const FontLibrary& fonts_;
  absl::Status status_;
};

void CheckAddress(const domain::Address& address, std::string_view owner, Checker& checker) {
  const auto check = [&](std::string_view text, std::string_view part) {
    checker.Check(text, TextKind::kOneLine, [&] { return fmt::format("{}.address.{}", owner, part); });
  };
  check(address.line1, "line1");
  check(address.line2, "line2");
  check(address.city, "city");
  check(address.region, "region");
  check(address.postal_code, "postalCode");
  check(address.country_code, "countryCode");
}

void CheckVendor(const domain::VendorSnapshot& vendor, Checker& checker) {
  checker.Line(vendor.name, "vendor.name");
  checker.Line(vendor.email, "vendor.email");
  checker.Line(vendor.phone, "vendor.phone");
  CheckAddress(vendor.address, "vendor", checker);
  checker.Line(vendor.tax_number, "vendor.taxNumber");
  checker.Line(vendor.bank.account_holder, "vendor.bank.accountHolder");
  checker.Line(vendor.bank.bank_name, "vendor.bank.bankName");
  checker.Line(vendor.bank.iban, "vendor.bank.iban");
  checker.Line(vendor.bank.bic, "vendor.bank.bic");
  checker.Line(vendor.bank.account_number, "vendor.bank.accountNumber");
  checker.Line(vendor.bank.routing_number, "vendor.bank.routingNumber");
  checker.Paragraphs(vendor.bank.instructions, "vendor.bank.instructions");
}

void CheckCustomer(const domain::CustomerSnapshot& customer, Checker& checker) {
  checker.Line(customer.name, "customer.name");
  checker.Line(customer.email, "customer.email");
  CheckAddress(customer.address, "customer", checker);
  checker.Line(customer.tax_number, "customer.taxNumber");
}

void CheckReferences(const domain::InvoiceDocument& document, Checker& checker) {
  checker.Line(document.number, "number");
  checker.Line(document.original_number, "originalNumber");
  checker.Line(document.contractor_name, "contractorName");
  checker.Line(document.service_location, "serviceLocation");
  checker.Line(document.purchase_order, "purchaseOrder");
  checker.Line(document.buyer_reference, "buyerReference");
}

void CheckLineTexts(const domain::InvoiceDocument& document, Checker& checker) {
  for (size_t i = 0; i < document.lines.size(); ++i) {
    const domain::InvoiceLine& line = document.lines[i];
    checker.Check(line.description, TextKind::kParagraphs, [i] { return fmt::format("lines[{}].description", i); });
    for (size_t j = 0; j < line.tax_names.size(); ++j) {
      checker.Check(line.tax_names[j], TextKind::kOneLine,
                    [i, j] { return fmt::format("lines[{}].taxNames[{}]", i, j); });
    }
  }
}

void CheckTaxes(const domain::InvoiceDocument& document, Checker& checker) {
  for (size_t i = 0; i < document.taxes.size(); ++i) {
    const domain::Tax& tax = document.taxes[i].tax;
    const auto check = [&](std::string_view text, std::string_view part) {
      checker.Check(text, TextKind::kOneLine, [&] { return fmt::format("taxes[{}].{}", i, part); });
    };
    check(tax.name, "name");
    check(tax.registration_number, "registrationNumber");
    check(tax.exemption_reason, "exemptionReason");
  }
}

}  // namespace

std::optional<std::string> FirstUnprintable(std::string_view text, TextKind kind, const FontLibrary& fonts) {
  const char* end = text.data() + text.size();
  for (const char* at = text.data(); at < end; at = g_utf8_next_char(at)) {
    // glib takes a NUL for the end of the text.
    const gunichar character = *at == '\0' ? 0 : g_utf8_get_char_validated(at, end - at);
    // The two largest values stand for a wrong and for a cut-off sequence.
    if (character >= static_cast<gunichar>(-2)) return "invalid UTF-8";
    if (kind == TextKind::kParagraphs) {
      const bool carriage_return_of_break = character == '\r' && at + 1 < end && at[1] == '\n';
      if (IsBreakOfParagraphs(character) || carriage_return_of_break) continue;
    }
    if (!IsPrintable(character, fonts)) return fmt::format("U+{:04X}", character);
  }
  return std::nullopt;
}

absl::Status CheckPrintableField(std::string_view field, std::string_view text, TextKind kind,
                                 const FontLibrary& fonts) {
  if (IsPlainAscii(text)) return absl::OkStatus();
  const std::optional<std::string> character = FirstUnprintable(text, kind, fonts);
  if (!character) return absl::OkStatus();
  return base::InvalidField(field, fmt::format("characters that can be printed, not {}", *character));
}

absl::Status CheckPrintable(const domain::InvoiceDocument& document, const FontLibrary& fonts) {
  Checker checker(fonts);
  CheckReferences(document, checker);
  CheckVendor(document.vendor, checker);
  CheckCustomer(document.customer, checker);
  CheckLineTexts(document, checker);
  CheckTaxes(document, checker);
  checker.Paragraphs(document.notes, "notes");
  checker.Paragraphs(document.duplicate_reason, "duplicateReason");
  checker.Line(document.credit_reason, "reason");
  return checker.status();
}

absl::Status CheckPrintable(const domain::StatementDocument& document, const FontLibrary& fonts) {
  Checker checker(fonts);
  CheckVendor(document.vendor, checker);
  CheckCustomer(document.customer, checker);
  const std::vector<domain::StatementItem>& items = document.statement.items;
  for (size_t i = 0; i < items.size(); ++i) {
    checker.Check(items[i].number, TextKind::kOneLine, [i] { return fmt::format("items[{}].number", i); });
  }
  return checker.status();
}

}  // namespace invoice::pdf
