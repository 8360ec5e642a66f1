// What is printed and with what: logos, statements, and texts that no font has.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "app/logos.h"
#include "app/statements.h"
#include "base/limits.h"
#include "base/status.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string ReadFile(const std::string& name) {
  std::ifstream file(std::string(std::getenv("INVOICE_SOURCE_DIR")) + "/tests/unit/pdf/images/" + name,
                     std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string FieldOf(const absl::Status& status) {
  const base::ErrorDetail detail = base::DetailOf(status);
  return detail.fields.empty() ? std::string(status.message()) : detail.fields[0].field;
}

class PrintingTest : public AppTest {
 protected:
  Logos logos() { return Logos(*core_); }
  std::string Pdf() {
    const auto outcome = RunQuick(customer_, absl::CivilDay(2026, ++month_, 1), NewCall());
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return Invoices(*core_).Download(outcome->result.invoice.id)->bytes;
  }
  absl::Status ChangeVendor(const std::function<void(domain::Vendor&)>& change) {
    return Vendors(*core_)
        .Update(NewCall(), vendor_, "",
                [&](domain::Vendor& vendor) {
                  change(vendor);
                  return absl::OkStatus();
                },
                {})
        .status();
  }

  int month_ = 0;
  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(PrintingTest, ALogoIsOnTheDocumentsIssuedFromThenOn) {
  EXPECT_TRUE(absl::IsNotFound(logos().Get(vendor_).status()));
  const std::string before = Pdf();
  for (const auto& [name, type] :
       {std::pair("logo.png", "image/png"), {"logo.jpg", "image/jpeg"}, {"logo.svg", "image/svg+xml"}}) {
    const std::string bytes = ReadFile(name);
    const auto vendor = logos().Upload(NewCall(), vendor_, bytes, {});
    ASSERT_TRUE(vendor.ok()) << vendor.status();
    EXPECT_EQ(vendor->result.logo_sha256, base::Sha256Hex(bytes));
    EXPECT_EQ(logos().Get(vendor_)->bytes, bytes);
    EXPECT_EQ(logos().Get(vendor_)->content_type, type);
    EXPECT_NE(Pdf().size(), before.size());
    EXPECT_NE(core_->logo_files->Find(vendor->result.logo_sha256), nullptr);
  }
}

TEST_F(PrintingTest, WhatIsNoLogoIsRefused) {
  for (const std::string& bytes : {std::string("GIF89a"), std::string("<html></html>"),
                                   ReadFile("logo.png").substr(0, 99), std::string(base::kMaxLogoBytes + 1, 'x')}) {
    EXPECT_EQ(FieldOf(logos().Upload(NewCall(), vendor_, bytes, {}).status()), "data");
  }
  EXPECT_EQ(Vendors(*core_).Get(vendor_)->logo_sha256, "");
}

TEST_F(PrintingTest, KeepsTheLogosThatWereAskedForLast) {
  LogoFiles files;
  for (size_t i = 0; i < base::kLogoFilesKept; ++i) files.Keep(std::to_string(i), std::make_shared<std::string>("x"));
  EXPECT_NE(files.Find("0"), nullptr);
  files.Keep("new", std::make_shared<std::string>("x"));
  EXPECT_NE(files.Find("0"), nullptr);
  EXPECT_EQ(files.Find("1"), nullptr);
}

TEST_F(PrintingTest, AStatementIsAPdf) {
  Pdf();
  ASSERT_TRUE(logos().Upload(NewCall(), vendor_, ReadFile("logo.png"), {}).ok());
  const auto statement = Statements(*core_).Download(customer_, absl::CivilDay(2026, 11, 23));
  ASSERT_TRUE(statement.ok()) << statement.status();
  EXPECT_EQ(statement->file_name, "statement-2026-11-23.pdf");
  EXPECT_EQ(statement->content_type, "application/pdf");
  EXPECT_THAT(statement->bytes, StartsWith("%PDF"));
  EXPECT_TRUE(absl::IsNotFound(Statements(*core_).Download("01900000-0000-7000-8000-000000000001", {}).status()));
}

TEST_F(PrintingTest, TextsThatNoFontHasAreRefusedWhenTheyAreSaved) {
  const std::string klingon = "\uf8d0";  // of a private use
  EXPECT_EQ(FieldOf(ChangeVendor([&](auto& v) { v.name = klingon; })), "name");
  EXPECT_EQ(FieldOf(ChangeVendor([&](auto& v) { v.address.city = klingon; })), "address.city");
  EXPECT_EQ(FieldOf(ChangeVendor([&](auto& v) { v.bank.instructions = "a\n" + klingon; })), "bank.instructions");
  EXPECT_TRUE(ChangeVendor([&](auto& v) { v.bank.instructions = "a\nŁódź"; }).ok());
  domain::Customer customer = Customers(*core_).Get(customer_).value();
  const auto create = [&] {
    const auto read = [&](const domain::Customer&) -> absl::StatusOr<domain::Customer> { return customer; };
    return FieldOf(Customers(*core_).Create(NewCall(), customer.vendor_id, read, {}).status());
  };
  customer.service_location = klingon;
  EXPECT_EQ(create(), "serviceLocation");
  customer.service_location = "";
  customer.contract.taxes[0].name = klingon;
  EXPECT_EQ(create(), "contract.taxes[0].name");
  const auto contract = Customers(*core_).UpdateContract(NewCall(), customer_, "",
                                                         [&](domain::Contract& changed) {
                                                           changed.purchase_order = klingon;
                                                           return absl::OkStatus();
                                                         },
                                                         {});
  EXPECT_EQ(FieldOf(contract.status()), "purchaseOrder");
  EXPECT_THAT(base::DetailOf(contract.status()).fields[0].expected, HasSubstr("U+F8D0"));
}

}  // namespace
}  // namespace invoice::app
