#include "domain/recipients.h"

#include <algorithm>

#include "base/internet_names.h"

namespace invoice::domain {
namespace {

void AddRecipient(const std::string& address, const char* role, std::vector<Recipient>& recipients) {
  if (address.empty()) return;
  const bool named = std::any_of(recipients.begin(), recipients.end(), [&](const Recipient& recipient) {
    return base::AddressKey(recipient.address) == base::AddressKey(address);
  });
  if (!named) recipients.push_back({address, role});
}

}  // namespace

std::vector<Recipient> RecipientsOf(const Vendor& vendor, const Customer& customer) {
  std::vector<Recipient> recipients;
  AddRecipient(customer.email, "TO", recipients);
  for (const std::string& address : customer.cc_emails) AddRecipient(address, "CC", recipients);
  for (const std::string& address : customer.bcc_emails) AddRecipient(address, "BCC", recipients);
  AddRecipient(vendor.archive_email, "ARCHIVE", recipients);
  return recipients;
}

std::vector<Recipient> RecipientsOf(const Vendor& vendor, const std::string& to) {
  std::vector<Recipient> recipients;
  AddRecipient(to, "TO", recipients);
  AddRecipient(vendor.archive_email, "ARCHIVE", recipients);
  return recipients;
}

}  // namespace invoice::domain
