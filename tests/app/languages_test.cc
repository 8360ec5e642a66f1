// The lines that generation writes itself are in the language of their invoice, whichever way it was made.
#include "tests/app/run_fixture.h"

namespace invoice::app {
namespace {

using ::testing::ElementsAre;

class LanguagesTest : public RunTest {
 protected:
  // Billed every Monday for the seven days before, with extra fees that have no name; no locale: the vendor's.
  std::string NewWeekly(const std::string& vendor_id, const std::string& name, const std::string& locale = "") {
    return NewScheduled(vendor_id, name, [&](domain::Customer& customer) {
      customer.locale = locale;
      customer.contract.frequency = domain::Frequency::kWeekly;
      customer.contract.extra_fees_minor = 500;
    });
  }

  // Of the lines of the customer's only invoice.
  std::vector<std::string> Descriptions(const std::string& customer) {
    const std::vector<domain::InvoiceRecord> invoices = InvoicesOf(customer);
    EXPECT_EQ(invoices.size(), 1u);
    if (invoices.empty()) return {};
    const auto invoice = Invoices(*core_).Get(invoices[0].id);
    EXPECT_TRUE(invoice.ok()) << invoice.status();
    std::vector<std::string> descriptions;
    for (const domain::InvoiceLine& line : invoice->document.lines) descriptions.push_back(line.description);
    return descriptions;
  }
};

TEST_F(LanguagesTest, AQuickInvoiceOfAFrenchVendorIsFrench) {
  const std::string customer = NewCustomer(NewVendor("fr-FR"));
  ASSERT_TRUE(RunQuick(customer, absl::CivilDay(2026, 11, 1), NewCall()).ok());
  EXPECT_THAT(Descriptions(customer), ElementsAre("Prestation de services, 1–31 oct. 2026"));
}

TEST_F(LanguagesTest, TheCustomersLanguageComesBeforeTheVendors) {
  const std::string customer = NewWeekly(NewVendor("fr-FR"), "German", "de-DE");
  ASSERT_TRUE(RunQuick(customer, absl::CivilDay(2026, 11, 2), NewCall()).ok());
  EXPECT_THAT(Descriptions(customer), ElementsAre("Dienstleistungen, 26.10. – 01.11.2026", "Zusatzkosten"));
}

TEST_F(LanguagesTest, ARunSpeaksToEachCustomerAsItsPlanDid) {
  const absl::CivilDay monday(2026, 12, 7);
  const std::string english_vendor = NewVendor();
  const std::string english = NewWeekly(english_vendor, "English");
  const std::string spanish = NewWeekly(english_vendor, "Spanish", "es-MX");
  const std::string french = NewWeekly(NewVendor("fr-CA"), "French");
  GoTo(monday);
  const BatchScope scope{.mode = domain::RunMode::kScheduled, .run_date = monday};
  const auto plan = Plans(*core_).Plan(NewCall(), scope, {});
  ASSERT_TRUE(plan.ok()) << plan.status();
  EXPECT_EQ(Finished(Create(scope, plan->result.hash).id).invoiced_count, 3);
  EXPECT_THAT(Descriptions(english), ElementsAre("Professional services, 2026-11-30 – 2026-12-06", "Extra fees"));
  // ICU's thin spaces stand around the dash where a range has more than days.
  EXPECT_THAT(Descriptions(spanish),
              ElementsAre("Servicios profesionales, 30 de nov\u2009–\u20096 de dic 2026", "Cargos adicionales"));
  EXPECT_THAT(Descriptions(french),
              ElementsAre("Services professionnels, 30 nov.\u2009–\u20096 déc. 2026", "Frais supplémentaires"));
}

}  // namespace
}  // namespace invoice::app
