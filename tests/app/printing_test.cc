// What is printed and with what: logos, statements, and texts that no font has.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>

#include "app/logos.h"
#include "app/statements.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/records.h"
#include "store/vendors.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
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

  // As it was stored before forms were kept.
  void SetLogoWithoutForm(const std::string& bytes) {
    const std::string sha256 = base::Sha256Hex(bytes);
    auto transaction = database_.Begin();
    ASSERT_TRUE(transaction.ok()) << transaction.status();
    store::Vendors vendors(*transaction);
    domain::Vendor vendor = vendors.Lock(vendor_).value();
    vendor.logo_sha256 = sha256;
    ASSERT_TRUE(store::PutBlob(*transaction, sha256, {"image/any", bytes}, clock_.Now()).ok());
    ASSERT_TRUE(vendors.Update(vendor, clock_.Now()).ok());
    ASSERT_TRUE(transaction->Commit().ok());
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

TEST_F(PrintingTest, ALogoThatTakesLongToDrawIsRefusedInTime) {
  std::string path = "M0 0";
  for (int i = 0; i < 60'000; ++i) path += fmt::format("C{} 9 9 {} 5 5", i % 97, i % 89);
  const std::string svg = fmt::format(
      "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='100'><path d='{}' stroke='black' "
      "stroke-width='500' stroke-linejoin='round' fill='none'/></svg>",
      path);
  absl::Status status = absl::UnavailableError("not tried");
  // A machine that is too busy to tell says so, as quickly.
  for (int tries = 0; tries < 20 && absl::IsUnavailable(status); ++tries) {
    const absl::Time start = absl::Now();
    status = logos().Upload(NewCall(), vendor_, svg, {}).status();
    EXPECT_LT(absl::Now() - start, absl::Seconds(3));
  }
  EXPECT_EQ(FieldOf(status), "data");
  EXPECT_EQ(Vendors(*core_).Get(vendor_)->logo_sha256, "");
  EXPECT_EQ(Count("blobs"), 0);
}

TEST_F(PrintingTest, ALogoIsDrawnOnceAndItsFormKept) {
  ASSERT_TRUE(logos().Upload(NewCall(), vendor_, ReadFile("logo.png"), {}).ok());
  EXPECT_EQ(Count("logo_forms"), 1);
  pdf::LogoDrawer none({"/nowhere"});
  core_.emplace(Core{database_, clock_, time_zones_, *renderer_, flights_, mail_routes_, none});
  EXPECT_THAT(Pdf(), HasSubstr("/SMask"));
}

TEST_F(PrintingTest, ALogoFromBeforeItsFormGetsOneWhenItIsPrinted) {
  SetLogoWithoutForm(ReadFile("logo.png"));
  EXPECT_EQ(Count("logo_forms"), 0);
  EXPECT_THAT(Pdf(), HasSubstr("/SMask"));
  EXPECT_EQ(Count("logo_forms"), 1);
  EXPECT_THAT(Pdf(), HasSubstr("/SMask"));
  EXPECT_EQ(Count("logo_forms"), 1);
}

TEST_F(PrintingTest, AnOldLogoThatCannotBeDrawnIsLeftOut) {
  SetLogoWithoutForm("<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'/>");
  EXPECT_THAT(Pdf(), StartsWith("%PDF"));
  EXPECT_EQ(Count("logo_forms"), 0);
}

TEST_F(PrintingTest, ALogoIsRemoved) {
  ASSERT_TRUE(logos().Upload(NewCall(), vendor_, ReadFile("logo.png"), {}).ok());
  const std::string first = RunQuick(customer_, absl::CivilDay(2026, 11, 1), NewCall())->result.invoice.id;
  const int64_t events = Count("audit_events");
  const auto removed = logos().Remove(NewCall(), vendor_, {});
  ASSERT_TRUE(removed.ok()) << removed.status();
  EXPECT_EQ(removed->result.logo_sha256, "");
  EXPECT_EQ(Count("audit_events"), events + 1);
  EXPECT_TRUE(absl::IsNotFound(logos().Get(vendor_).status()));
  EXPECT_THAT(Pdf(), Not(HasSubstr("/SMask")));
  // What was issued with the logo is printed with it, also later.
  EXPECT_THAT(Invoices(*core_).Download(first)->bytes, HasSubstr("/SMask"));
  // Once more changes nothing.
  const auto again = logos().Remove(NewCall(), vendor_, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->result.version, removed->result.version);
  EXPECT_TRUE(absl::IsNotFound(logos().Remove(NewCall(), "01900000-0000-7000-8000-000000000001", {}).status()));
}

TEST_F(PrintingTest, TheLogoOfAnInactiveVendorStays) {
  ASSERT_TRUE(logos().Upload(NewCall(), vendor_, ReadFile("logo.png"), {}).ok());
  ASSERT_TRUE(Vendors(*core_).SetActive(NewCall(), vendor_, "", false, {}).ok());
  EXPECT_EQ(base::DetailOf(logos().Remove(NewCall(), vendor_, {}).status()).reason, base::Reason::kVendorInactive);
  EXPECT_TRUE(logos().Get(vendor_).ok());
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
