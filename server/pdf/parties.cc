#include "pdf/parties.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace invoice::pdf {
namespace {

void AddLine(std::vector<std::string>& lines, std::string line) {
  if (!line.empty()) lines.push_back(std::move(line));
}

// Where letters carry the code before the town, as the post there asks (in other countries it follows).
bool CodeStandsFirst(std::string_view country_code) {
  constexpr std::array<std::string_view, 28> kCountries{"AT", "BE", "BG", "CH", "CZ", "DE", "DK", "EE", "ES", "FI",
                                                        "FR", "GR", "HR", "HU", "IS", "IT", "LI", "LT", "LU", "MX",
                                                        "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK"};
  return std::find(kCountries.begin(), kCountries.end(), country_code) != kCountries.end();
}

void AddAddress(const domain::Address& address, const locale::Locale& locale, std::vector<std::string>& lines) {
  AddLine(lines, JoinParts({address.line1, address.line2}, ", "));
  AddLine(lines, CodeStandsFirst(address.country_code)
                     ? JoinParts({JoinParts({address.postal_code, address.city}, " "), address.region}, ", ")
                     : JoinParts({address.city, address.region, address.postal_code}, " "));
  AddLine(lines, locale.CountryText(address.country_code));
}

void AddTaxNumber(const std::string& number, const Content& content, std::vector<std::string>& lines) {
  if (!number.empty()) AddLine(lines, fmt::format("{} {}", content.locale.words().tax_number, number));
}

}  // namespace

std::string JoinParts(const std::vector<std::string_view>& parts, std::string_view separator) {
  std::string joined;
  for (const std::string_view part : parts) {
    if (part.empty()) continue;
    if (!joined.empty()) joined += separator;
    joined += part;
  }
  return joined;
}

void DescribeVendor(const domain::VendorSnapshot& vendor, Content& content) {
  std::vector<std::string>& lines = content.vendor_lines;
  content.vendor_name = vendor.name;
  AddAddress(vendor.address, content.locale, lines);
  content.vendor_address_lines = lines.size();
  AddLine(lines, JoinParts({vendor.email, vendor.phone}, kDot));
  AddTaxNumber(vendor.tax_number, content, lines);
  const std::string contact = JoinParts({vendor.email, vendor.phone}, ", ");
  if (!contact.empty()) content.contact = fmt::format("{} {}", content.locale.words().questions, contact);
}

void DescribeCustomer(const domain::CustomerSnapshot& customer, Content& content) {
  std::vector<std::string>& lines = content.customer_lines;
  content.customer_name = customer.name;
  AddAddress(customer.address, content.locale, lines);
  AddLine(lines, customer.email);
  AddTaxNumber(customer.tax_number, content, lines);
}

}  // namespace invoice::pdf
