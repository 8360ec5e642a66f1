// The payment as a QR code that banking programs read (EPC069-12, version 002). Pure; thread-safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/invoice.h"

namespace invoice::pdf {

// The lines of the code; empty where there is nothing to pay this way: only invoices with a number, an IBAN and a
// positive amount in euros have one.
std::string PaymentCodeOf(const domain::InvoiceDocument& document);

// The dark modules, row by row, without the quiet zone around them.
struct QrCode {
  int side = 0;  // 0: none
  std::vector<bool> dark;

  bool At(int x, int y) const {
    return dark[static_cast<size_t>(y) * static_cast<size_t>(side) + static_cast<size_t>(x)];
  }
};

// An empty code for a text that does not fit the size which the rule allows.
QrCode EncodeQr(const std::string& text);

}  // namespace invoice::pdf
