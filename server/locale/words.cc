#include "locale/words.h"

namespace invoice::locale {
namespace {

// Québec's usage; "avoir" is France's.
const Words& FrenchOfCanada() {
  static const Words kWords = [] {
    Words words = tables::kFrench;
    words.credit_note = "Note de crédit";
    words.credited_invoice = "Crédite la facture";
    words.payment_terms = "Modalités";
    words.tax_number = "N° de taxe";
    words.routing_number = "N° de transit";
    words.services = "Services professionnels, {}";
    return words;
  }();
  return kWords;
}

// Spain's law knows the corrective invoice; Latin America has the credit note.
const Words& SpanishOfSpain() {
  static const Words kWords = [] {
    Words words = tables::kSpanish;
    words.credit_note = "Factura rectificativa";
    words.credited_invoice = "Rectifica la factura";
    words.purchase_order = "N.º de pedido";
    words.tax_number = "NIF";
    words.period = "Periodo";
    return words;
  }();
  return kWords;
}

}  // namespace

const Words& WordsFor(std::string_view language, std::string_view region) {
  if (language == "fr") return region == "CA" ? FrenchOfCanada() : tables::kFrench;
  if (language == "de") return tables::kGerman;
  if (language == "es") return region == "ES" || region.empty() ? SpanishOfSpain() : tables::kSpanish;
  return tables::kEnglish;
}

}  // namespace invoice::locale
