// Who gets an email about a document: the addressee, the customer's further and blind addresses, the vendor's archive.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "domain/parties.h"

namespace invoice::domain {

// One envelope recipient. Only TO and CC are named in the headers.
struct Recipient {
  std::string address;
  std::string role;  // TO, CC, BCC or ARCHIVE
};

// The addressee first, no address twice, whatever its case and the spelling of its domain: the first role that names it
// is its role.
std::vector<Recipient> RecipientsOf(const Vendor& vendor, const Customer& customer);
// Of a sending to one address of the caller's: the customer's further addresses are left out, the archive is not.
std::vector<Recipient> RecipientsOf(const Vendor& vendor, const std::string& to);

}  // namespace invoice::domain
