// Documents that the tests render and that a person looks at: one for each thing that can go wrong on a page.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "domain/invoice.h"
#include "domain/statement.h"

namespace invoice::pdf::testing {

// An ordinary invoice of one page: ten lines, one tax, every optional text present.
domain::InvoiceDocument OnePage();
// Only what a document must have.
domain::InvoiceDocument Minimal();
domain::InvoiceDocument Draft();
domain::InvoiceDocument CreditNote();
// Names of 60 and more characters, texts that wrap.
domain::InvoiceDocument LongTexts();
// Amounts of 14 digits and more, discounts.
domain::InvoiceDocument LongAmounts();
domain::InvoiceDocument ArabicCustomer();
domain::InvoiceDocument ThreeTaxes();
// `count` lines on A4.
domain::InvoiceDocument ManyLines(int count);
// A currency without decimals.
domain::InvoiceDocument Yen();

// An ordinary invoice as a vendor of the place writes it.
domain::InvoiceDocument French();
domain::InvoiceDocument FrenchCanadianCreditNote();
// In euros, with an IBAN: it has a payment code.
domain::InvoiceDocument German();
domain::InvoiceDocument Spanish();
// Needs the font of the far eastern scripts.
domain::InvoiceDocument Japanese();

// One currency, a few items; two currencies with payments that are not applied; as many as the list may have.
domain::StatementDocument Statement();
domain::StatementDocument TwoCurrencies();
domain::StatementDocument LongStatement();

// Each of the invoices above but Japanese with the name of its file.
std::vector<std::pair<std::string, domain::InvoiceDocument>> AllSamples();

}  // namespace invoice::pdf::testing
