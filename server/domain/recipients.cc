#include "domain/recipients.h"

#include <algorithm>

#include "base/internet_names.h"

namespace invoice::domain {
namespace {

void Add(const std::string& address, const char* role, std::vector<Recipient>& recipients) {
  if (address.empty()) return;
  const bool named = std::any_of(recipients.begin(), recipients.end(), [&](const Recipient& recipient) {
    return base::AddressKey(recipient.address) == base::AddressKey(address);
  });
  if (!named) recipients.push_back({address, role});
}

}  // namespace

std::vector<Recipient> RecipientsOf(const Vendor& vendor, const Customer& customer) {
  std::vector<Recipient> recipients;
  Add(customer.email, "TO", recipients);
  for (const std::string& address : customer.cc_emails) Add(address, "CC", recipients);
  for (const std::string& address : customer.bcc_emails) Add(address, "BCC", recipients);
  Add(vendor.archive_email, "ARCHIVE", recipients);
  return recipients;
}

std::vector<Recipient> RecipientsOf(const Vendor& vendor, const std::string& to) {
  std::vector<Recipient> recipients;
  Add(to, "TO", recipients);
  Add(vendor.archive_email, "ARCHIVE", recipients);
  return recipients;
}

}  // namespace invoice::domain
