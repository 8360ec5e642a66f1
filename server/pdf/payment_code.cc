#include "pdf/payment_code.h"

#include <fmt/format.h>
#include <glib.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "domain/iban.h"

namespace invoice::pdf {
namespace {

constexpr int kMostVersion = 13;
constexpr int64_t kMostAmount_minor = 99'999'999'999;
constexpr size_t kMostNameCharacters = 70;
constexpr size_t kMostReferenceCharacters = 140;

std::string BicWithoutBlanks(std::string text) {
  std::erase(text, ' ');
  return text;
}

std::string FirstCharacters(const std::string& text, size_t count) {
  const auto length = static_cast<size_t>(g_utf8_strlen(text.c_str(), static_cast<gssize>(text.size())));
  if (length <= count) return text;
  return text.substr(
      0, static_cast<size_t>(g_utf8_offset_to_pointer(text.c_str(), static_cast<glong>(count)) - text.c_str()));
}

}  // namespace

std::string PaymentCodeOf(const domain::InvoiceDocument& document) {
  const domain::BankDetails& bank = document.vendor.bank;
  const int64_t amount_minor = document.totals.total_minor;
  if (document.kind != domain::DocumentKind::kInvoice || document.number.empty()) return {};
  const std::string iban = domain::CompactIban(bank.iban);
  if (!domain::IsIban(iban)) return {};
  if (document.currency.code() != "EUR" || amount_minor <= 0 || amount_minor > kMostAmount_minor) return {};
  const std::string& payee = bank.account_holder.empty() ? document.vendor.name : bank.account_holder;
  static constexpr char kForm[] =
      "BCD\n002\n1\nSCT\n"       // UTF-8, SEPA credit transfer
      "{}\n{}\n{}\nEUR{}\n\n\n"  // BIC, name, IBAN, amount; no purpose, no structured reference
      "{}";                      // reference as text
  return fmt::format(kForm, BicWithoutBlanks(bank.bic), FirstCharacters(payee, kMostNameCharacters), iban,
                     domain::FormatAmount(amount_minor, document.currency),
                     FirstCharacters(document.number, kMostReferenceCharacters));
}

QrCode EncodeQr(const std::string& text) {
  QrCode code;
  if (text.empty()) return code;
  const std::unique_ptr<QRcode, decltype(&QRcode_free)> encoded(QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M),
                                                                QRcode_free);
  if (encoded == nullptr || encoded->version > kMostVersion) return code;
  code.side = encoded->width;
  const size_t modules = static_cast<size_t>(code.side) * static_cast<size_t>(code.side);
  code.dark.resize(modules);
  std::transform(encoded->data, encoded->data + modules, code.dark.begin(),
                 [](unsigned char module) { return (module & 1) != 0; });
  return code;
}

}  // namespace invoice::pdf
