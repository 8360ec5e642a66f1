#include "domain/recipients.h"

#include <gmock/gmock.h>

namespace invoice::domain {

bool operator==(const Recipient& a, const Recipient& b) { return a.address == b.address && a.role == b.role; }

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(RecipientsOf, NamesEachAddressOnceByItsFirstRole) {
  Vendor vendor;
  vendor.archive_email = "archive@a.ca";
  Customer customer;
  customer.email = "to@a.ca";
  customer.cc_emails = {"cc@a.ca", "TO@A.CA", "Archive@a.ca"};
  customer.bcc_emails = {"bcc@a.ca", "CC@a.ca", "bcc@a.ca"};
  EXPECT_THAT(RecipientsOf(vendor, customer),
              ElementsAre(Recipient{"to@a.ca", "TO"}, Recipient{"cc@a.ca", "CC"}, Recipient{"Archive@a.ca", "CC"},
                          Recipient{"bcc@a.ca", "BCC"}));
}

TEST(RecipientsOf, NamesAMailboxOnceWhateverTheSpellingOfItsDomain) {
  Customer customer;
  customer.email = "to@bücher.example";
  customer.cc_emails = {"TO@xn--bcher-kva.example", "to@BÜCHER.example", "to@bucher.example"};
  EXPECT_THAT(RecipientsOf(Vendor(), customer),
              ElementsAre(Recipient{"to@bücher.example", "TO"}, Recipient{"to@bucher.example", "CC"}));
}

TEST(RecipientsOf, AnAddressOfTheCallersLeavesOutAllButTheArchive) {
  Vendor vendor;
  EXPECT_THAT(RecipientsOf(vendor, "to@a.ca"), ElementsAre(Recipient{"to@a.ca", "TO"}));
  vendor.archive_email = "archive@a.ca";
  EXPECT_THAT(RecipientsOf(vendor, "to@a.ca"),
              ElementsAre(Recipient{"to@a.ca", "TO"}, Recipient{"archive@a.ca", "ARCHIVE"}));
  EXPECT_THAT(RecipientsOf(Vendor(), Customer()), IsEmpty());
}

}  // namespace
}  // namespace invoice::domain
