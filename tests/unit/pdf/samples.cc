#include "tests/unit/pdf/samples.h"

#include <cstdlib>

namespace invoice::pdf::testing {
namespace {

using domain::InvoiceDocument;
using domain::InvoiceLine;
using domain::Quantity;
using domain::Rate;
using domain::UnitPrice;

domain::Currency CurrencyOf(const char* code) { return domain::Currency::Find(code).value(); }

InvoiceLine Line(std::string description, const char* quantity, const char* price, domain::Currency currency,
                 domain::Unit unit = domain::Unit::kHour) {
  InvoiceLine line{.description = std::move(description),
                   .quantity = Quantity::Parse(quantity).value(),
                   .unit = unit,
                   .unit_price = UnitPrice::Parse(price).value()};
  line.amount_minor = domain::Extend(line.quantity, line.unit_price, currency).value();
  return line;
}

domain::TaxAmount TaxOf(std::string name, const char* rate, std::string registration) {
  domain::TaxAmount tax;
  tax.tax = {
      .name = std::move(name), .rate = Rate::Parse(rate).value(), .registration_number = std::move(registration)};
  return tax;
}

// Adds up what the generator would have computed.
void Total(InvoiceDocument& document) {
  domain::Totals& totals = document.totals;
  const int64_t discount_minor = totals.discount_minor;
  totals = {.discount_minor = discount_minor};
  for (const InvoiceLine& line : document.lines) totals.subtotal_minor += line.amount_minor;
  totals.taxable_minor = totals.subtotal_minor - discount_minor;
  for (domain::TaxAmount& tax : document.taxes) {
    // A base that is given belongs to lines of their own.
    if (tax.base_minor == 0) tax.base_minor = totals.taxable_minor;
    tax.amount_minor = domain::ApplyRate(tax.base_minor, tax.tax.rate).value();
    totals.tax_minor += tax.amount_minor;
  }
  totals.total_minor = totals.taxable_minor + totals.tax_minor;
}

InvoiceDocument Base(const char* currency_code) {
  InvoiceDocument document{.number = "NWC-2026-0042",
                           .invoice_date = absl::CivilDay(2026, 11, 1),
                           .due_date = absl::CivilDay(2026, 12, 1),
                           .period = {absl::CivilDay(2026, 10, 1), absl::CivilDay(2026, 10, 31)},
                           .currency = CurrencyOf(currency_code)};
  document.vendor = {.name = "Northwind Consulting Inc.",
                     .email = "billing@northwind.example",
                     .phone = "+1 416 555 0134",
                     .address = {"200 Bay Street", "Suite 1400", "Toronto", "ON", "M5J 2J2", "CA"},
                     .tax_number = "123456789"};
  document.customer = {.name = "Maple Ridge Logistics Ltd.",
                       .email = "ap@mapleridge.example",
                       .address = {"77 King Street West", "", "Hamilton", "ON", "L8P 1A1", "CA"}};
  return document;
}

}  // namespace

InvoiceDocument OnePage() {
  InvoiceDocument document = Base("CAD");
  const domain::Currency cad = document.currency;
  document.vendor.bank = {.account_holder = "Northwind Consulting Inc.",
                          .bank_name = "Royal Bank of Canada",
                          .bic = "ROYCCAT2",
                          .account_number = "102-334-5",
                          .routing_number = "00002-003",
                          .instructions =
                              "Interac e-Transfer to billing@northwind.example is welcome.\n"
                              "Please put the invoice number in the message."};
  document.customer.tax_number = "987654321 RT0001";
  document.contractor_name = "Dana Whitfield";
  document.service_location = "Hamilton warehouse, building C";
  document.purchase_order = "PO-77812";
  document.buyer_reference = "Cost centre 4410";
  document.lines = {
      Line("Architecture review of the dispatch service", "7.5", "150", cad),
      Line("Development: route planning, import of carriers, delivery windows", "62.25", "150", cad),
      Line("Development: customer portal", "38", "142.5", cad),
      Line("Code review and pairing", "11.75", "150", cad),
      Line("Database migration, weekend", "6", "225", cad),
      Line("On-site workshop", "2", "1280", cad, domain::Unit::kDay),
      Line("Travel Toronto to Hamilton and back", "136.4", "0.7225", cad, domain::Unit::kKilometre),
      Line("Hosting of the test system", "1", "89.9", cad, domain::Unit::kMonth),
      Line("Test devices", "3", "219", cad, domain::Unit::kPiece),
      Line("Tolls and parking", "1", "48.6", cad, domain::Unit::kPiece),
  };
  document.taxes = {TaxOf("HST", "0.13", "123456789 RT0001")};
  document.notes =
      "Thank you for your business. Hours are listed by day in the timesheet that you approved on 2026-10-30.";
  Total(document);
  return document;
}

InvoiceDocument Minimal() {
  InvoiceDocument document = Base("CAD");
  document.vendor.email.clear();
  document.vendor.phone.clear();
  document.vendor.tax_number.clear();
  document.customer.email.clear();
  document.payment_terms = {.kind = domain::PaymentTermsKind::kDueOnReceipt};
  document.due_date = document.invoice_date;
  document.lines = {Line("Consulting", "7.5", "100", document.currency)};
  Total(document);
  return document;
}

InvoiceDocument Draft() {
  InvoiceDocument document = OnePage();
  document.number.clear();
  document.vendor.paper_size = domain::PaperSize::kA4;
  document.vendor.accent_color = "#0f766e";
  return document;
}

InvoiceDocument CreditNote() {
  InvoiceDocument document = OnePage();
  document.kind = domain::DocumentKind::kCreditNote;
  document.number = "NWC-CN-2026-0003";
  document.original_number = "NWC-2026-0042";
  document.lines.resize(2);
  document.lines[1].discount_minor = 33750;
  document.lines[1].amount_minor -= 33750;
  document.credit_reason = "Two items credited as agreed.";
  document.notes.clear();
  document.taxes[0].base_minor = 0;
  Total(document);
  for (InvoiceLine& line : document.lines) {
    line.quantity = Quantity::FromUnits(-line.quantity.units());
    line.discount_minor = -line.discount_minor;
    line.amount_minor = -line.amount_minor;
  }
  for (domain::TaxAmount& tax : document.taxes) {
    tax.base_minor = -tax.base_minor;
    tax.amount_minor = -tax.amount_minor;
  }
  domain::Totals& totals = document.totals;
  for (int64_t* amount : {&totals.subtotal_minor, &totals.discount_minor, &totals.taxable_minor, &totals.tax_minor,
                          &totals.total_minor}) {
    *amount = -*amount;
  }
  return document;
}

InvoiceDocument LongTexts() {
  InvoiceDocument document = OnePage();
  document.vendor.name = "Société Générale d'Ingénierie et de Conseil du Saint-Laurent";
  document.vendor.accent_color = "#f2c200";
  document.customer.name = "Internationale Gesellschaft für Frachtabfertigung Ostsee GmbH";
  document.customer.address = {"Friedrich-Ebert-Anlage 49, Hinterhaus, Aufgang C, 14. Obergeschoss links",
                               "c/o Messeturm",
                               "Frankfurt am Main",
                               "",
                               "60308",
                               "DE"};
  document.contractor_name = "Maximiliana Alexandrina von Hohenstein-Wartenberg";
  document.service_location = "Container terminal Burchardkai, gate 4, Hamburg, Bei St. Annen 1";
  document.purchase_order = "4500098812/2026/EXT-CONSULTING/0007-rev-B";
  document.lines[1].description =
      "Development of the route planner, with the import of carriers, the delivery windows and the new rules for "
      "dangerous goods.\nIncludes the migration of the old rates.";
  document.lines[4].description =
      "https://tracker.example.com/projects/dispatch/issues/2026-10-31-weekend-migration-log";
  document.lines[5].tax_names = {"HST"};
  return document;
}

InvoiceDocument LongAmounts() {
  InvoiceDocument document = Base("CAD");
  const domain::Currency cad = document.currency;
  document.lines = {
      Line("Purchase of the northern port, with all cranes", "1", "9876543210987.65", cad, domain::Unit::kPiece),
      Line("Works by the hour, all yards", "12345678.9125", "1234.5678", cad),
      Line("A pencil", "1", "0.05", cad, domain::Unit::kPiece),
  };
  document.lines[1].discount_minor = 1234567890;
  document.lines[1].amount_minor -= 1234567890;
  document.totals.discount_minor = 100000000001;
  document.taxes = {TaxOf("GST", "0.05", "123456789 RT0001"), TaxOf("QST", "0.09975", "1234567890 TQ0001")};
  document.vendor.bank = {
      .account_holder = "Northwind Consulting Inc.", .iban = "DE89370400440532013000", .bic = "COBADEFFXXX"};
  Total(document);
  return document;
}

InvoiceDocument ArabicCustomer() {
  InvoiceDocument document = Minimal();
  document.vendor.name = "Ελληνική Συμβουλευτική Α.Ε.";
  document.vendor.paper_size = domain::PaperSize::kA4;
  document.customer.name = "شركة النور للتجارة والخدمات اللوجستية المحدودة";
  document.customer.address = {"شارع الملك فهد 120", "برج المملكة", "الرياض", "", "12214", "SA"};
  document.lines = {Line("استشارات هندسية (المرحلة 2)", "7.5", "100", document.currency),
                    Line("Übersetzung ins Arabische, Łódź → الرياض", "12", "80.5", document.currency),
                    Line("การแปลภาษาไทย · שירותי תרגום", "3.25", "64", document.currency)};
  document.notes = "شكرا لتعاملكم معنا.\nThank you.";
  Total(document);
  return document;
}

InvoiceDocument ThreeTaxes() {
  InvoiceDocument document = Base("EUR");
  document.vendor.accent_color = "#7a1f3d";
  document.vendor.bank = {.account_holder = "Northwind Consulting Inc.",
                          .bank_name = "Commerzbank",
                          .iban = "DE89370400440532013000",
                          .bic = "COBADEFFXXX"};
  document.lines = {Line("Consulting", "40", "95", document.currency),
                    Line("Printed handbooks", "25", "12.8", document.currency, domain::Unit::kPiece),
                    Line("Training under § 4 no. 21", "1", "1500", document.currency, domain::Unit::kDay)};
  document.lines[0].tax_names = {"VAT"};
  document.lines[1].tax_names = {"Reduced VAT"};
  document.lines[2].tax_names = {"Exempt training"};
  document.taxes = {TaxOf("VAT", "0.19", "DE123456789"), TaxOf("Reduced VAT", "0.07", "DE123456789"),
                    TaxOf("Exempt training", "0", "")};
  for (size_t i = 0; i < 3; ++i) document.taxes[i].base_minor = document.lines[i].amount_minor;
  document.taxes[2].tax.category = domain::TaxCategory::kExempt;
  document.taxes[2].tax.exemption_reason =
      "Exempt under § 4 no. 21 UStG, vocational training certified by the state of Hesse";
  document.duplicate_reason = "second team in the same month";
  Total(document);
  return document;
}

InvoiceDocument ManyLines(int count) {
  InvoiceDocument document = OnePage();
  document.vendor.paper_size = domain::PaperSize::kA4;
  document.taxes[0].base_minor = 0;
  document.lines.clear();
  for (int i = 1; i <= count; ++i) {
    std::string description = "Shift " + std::to_string(i) + ", loading and customs papers";
    if (i % 9 == 0)
      description += ", with the night surcharge that the framework contract foresees for dangerous goods";
    const std::string quantity = std::to_string(1 + i % 12) + (i % 3 == 0 ? ".5" : ".25");
    document.lines.push_back(Line(std::move(description), quantity.c_str(), "87.5", document.currency));
  }
  Total(document);
  return document;
}

InvoiceDocument Yen() {
  InvoiceDocument document = Base("JPY");
  document.lines = {Line("Consulting", "7.5", "15000", document.currency)};
  document.taxes = {TaxOf("Consumption tax", "0.1", "T1234567890123")};
  Total(document);
  return document;
}

InvoiceDocument French() {
  InvoiceDocument document = Base("EUR");
  document.number = "ATL-2026-0107";
  document.vendor = {.name = "Atelier Numérique des Quais SAS",
                     .email = "compta@atelier-quais.example",
                     .phone = "+33 1 55 55 01 23",
                     .address = {"18 quai de la Loire", "", "Paris", "", "75019", "FR"},
                     .tax_number = "FR12345678901",
                     .bank = {.account_holder = "Atelier Numérique des Quais SAS",
                              .bank_name = "Banque de la Seine",
                              .iban = "FR1420041010050500013M02606",
                              .bic = "PSSTFRPPPAR"},
                     .locale = "fr-FR",
                     .paper_size = domain::PaperSize::kA4,
                     .accent_color = "#0b6e4f"};
  document.customer = {.name = "Compagnie du Rhône SARL",
                       .email = "factures@rhone.example",
                       .address = {"4 rue de la République", "Bâtiment C", "Lyon", "", "69002", "FR"},
                       .tax_number = "FR98765432109"};
  document.purchase_order = "BC-2026-118";
  document.lines = {Line("Développement du portail client", "62.5", "95", document.currency),
                    Line("Atelier sur site", "1.5", "1180", document.currency, domain::Unit::kDay),
                    Line("Hébergement", "1", "89.9", document.currency, domain::Unit::kMonth)};
  document.lines[0].discount_minor = 25000;
  document.lines[0].amount_minor -= 25000;
  document.taxes = {TaxOf("TVA", "0.2", "FR12345678901")};
  document.notes = "Merci de votre confiance.";
  Total(document);
  return document;
}

InvoiceDocument FrenchCanadianCreditNote() {
  InvoiceDocument document = CreditNote();
  document.vendor.locale = "fr-CA";
  return document;
}

InvoiceDocument German() {
  InvoiceDocument document = Base("EUR");
  document.number = "HAF-2026-0815";
  document.vendor = {.name = "Hafenlicht Software GmbH",
                     .email = "buchhaltung@hafenlicht.example",
                     .phone = "+49 40 5550 1234",
                     .address = {"Am Sandtorkai 30", "", "Hamburg", "", "20457", "DE"},
                     .tax_number = "DE123456789",
                     .bank = {.account_holder = "Hafenlicht Software GmbH",
                              .bank_name = "Commerzbank",
                              .iban = "DE89370400440532013000",
                              .bic = "COBADEFFXXX",
                              .instructions = "Bitte geben Sie die Rechnungsnummer an."},
                     .locale = "de-DE",
                     .paper_size = domain::PaperSize::kA4,
                     .accent_color = "#7a1f3d"};
  document.customer = {.name = "Süddeutsche Maschinenbau AG",
                       .email = "rechnung@sued-maschinen.example",
                       .address = {"Leopoldstraße 12", "", "München", "", "80802", "DE"},
                       .tax_number = "DE987654321"};
  document.contractor_name = "Jürgen Weiß";
  document.purchase_order = "4500098812";
  document.lines = {Line("Beratung zur Lagersteuerung", "1234.5", "95", document.currency),
                    Line("Gedruckte Handbücher", "25", "12.8", document.currency, domain::Unit::kPiece)};
  document.lines[0].tax_names = {"USt."};
  document.lines[1].tax_names = {"USt. ermäßigt"};
  document.taxes = {TaxOf("USt.", "0.19", "DE123456789"), TaxOf("USt. ermäßigt", "0.07", "DE123456789")};
  for (size_t i = 0; i < document.taxes.size(); ++i) document.taxes[i].base_minor = document.lines[i].amount_minor;
  Total(document);
  return document;
}

InvoiceDocument Spanish() {
  InvoiceDocument document = Base("EUR");
  document.number = "LUZ-2026-0033";
  document.vendor.name = "Luz y Mar Ingeniería S.L.";
  document.vendor.address = {"Calle de Alcalá 45", "3.º B", "Madrid", "", "28014", "ES"};
  document.vendor.tax_number = "B12345678";
  document.vendor.locale = "es-ES";
  document.vendor.paper_size = domain::PaperSize::kA4;
  document.customer.name = "Transportes Peñíscola S.A.";
  document.customer.address = {"Avenida del Puerto 7", "", "Valencia", "", "46023", "ES"};
  document.lines = {Line("Consultoría", "7.5", "1100", document.currency),
                    Line("Formación", "1", "1500.5", document.currency, domain::Unit::kDay)};
  document.taxes = {TaxOf("IVA", "0.21", "ESB12345678")};
  Total(document);
  return document;
}

InvoiceDocument Japanese() {
  InvoiceDocument document = Yen();
  document.customer.name = "日本商事株式会社";
  document.customer.address = {"千代田区丸の内一丁目9番1号", "", "東京都", "", "100-0005", "JP"};
  document.lines[0].description = "コンサルティング業務（10月分）";
  return document;
}

std::vector<std::pair<std::string, InvoiceDocument>> AllSamples() {
  return {{"one_page", OnePage()},
          {"minimal", Minimal()},
          {"draft", Draft()},
          {"credit_note", CreditNote()},
          {"long_texts", LongTexts()},
          {"long_amounts", LongAmounts()},
          {"arabic_customer", ArabicCustomer()},
          {"three_taxes", ThreeTaxes()},
          {"lines_120", ManyLines(120)},
          {"yen", Yen()},
          {"french", French()},
          {"french_canadian_credit_note", FrenchCanadianCreditNote()},
          {"german", German()},
          {"spanish", Spanish()}};
}

}  // namespace invoice::pdf::testing
