// Every fixed word that we write into documents and emails, one table for each language. What depends on numbers or
// dates is not here: that is ICU's knowledge (locale/locale.h). Immutable.
#pragma once

#include <string_view>

namespace invoice::locale {

// A word by the number beside it. The four languages need no more forms; which number takes which is ICU's rule.
struct Counted {
  std::string_view one;
  std::string_view other;
};

struct Words {
  // What it is.
  std::string_view invoice;
  std::string_view credit_note;
  std::string_view statement;
  std::string_view draft;
  std::string_view draft_watermark;

  // Who and when.
  std::string_view billed_to;
  std::string_view credited_to;
  std::string_view customer;
  std::string_view credited_invoice;
  std::string_view date;
  std::string_view due_date;
  std::string_view period;
  std::string_view payment_terms;
  std::string_view purchase_order;
  std::string_view buyer_reference;
  std::string_view contractor;
  std::string_view service_location;
  std::string_view tax_number;
  std::string_view amount_due;
  std::string_view amount_credited;
  std::string_view credit_reason;

  // The table.
  std::string_view description;
  std::string_view quantity;
  std::string_view unit_price;
  std::string_view discount;
  std::string_view amount;
  std::string_view taxed_with;  // {} names of taxes
  std::string_view carried_forward;
  std::string_view brought_forward;

  // The totals.
  std::string_view subtotal;
  std::string_view taxable;
  std::string_view total;
  std::string_view tax_on_base;       // {} amount
  std::string_view tax_registration;  // {} number
  std::string_view zero_rated;
  std::string_view exempt;
  std::string_view reverse_charge;
  std::string_view outside_scope;

  // The payment.
  std::string_view payment;
  std::string_view pay_amount;
  std::string_view payment_reference;
  std::string_view account_holder;
  std::string_view bank;
  std::string_view iban;
  std::string_view bic;
  std::string_view account_number;
  std::string_view routing_number;
  std::string_view payment_instructions;
  std::string_view scan_to_pay;
  std::string_view notes;
  std::string_view billed_beside;  // {} reason
  std::string_view questions;
  std::string_view page_of;  // {} page, {} pages

  // The terms.
  std::string_view due_on_receipt;
  Counted net_days;  // {} days
  std::string_view end_of_month;
  std::string_view end_of_next_month;

  // The units.
  Counted hour;
  Counted day;
  Counted month;
  Counted piece;
  std::string_view kilometre;

  // The lines that are made by a contract.
  std::string_view services;  // {} days
  std::string_view extra_fees;
  std::string_view share_of_days;      // {} of {} days
  std::string_view share_of_workdays;  // {} of {} days from Monday to Friday

  // The statement.
  std::string_view as_of;
  std::string_view amount_open;
  std::string_view paid;
  std::string_view credited;
  std::string_view open;
  std::string_view days_overdue;
  std::string_view open_invoices;  // {} currency
  std::string_view no_open_invoices;
  std::string_view ageing;
  std::string_view currency;
  std::string_view not_due;
  std::string_view days_range;  // {} first, {} last
  std::string_view over_days;   // {} days
  std::string_view unapplied;
  std::string_view list_cut;
};

// The table for a language ("fr") and region ("CA"), which may have words of its own; English where there is none.
const Words& WordsFor(std::string_view language, std::string_view region);

namespace tables {
// Of one language without regard to regions; each is a file of its own.
extern const Words kEnglish;
extern const Words kFrench;
extern const Words kGerman;
extern const Words kSpanish;
}  // namespace tables

}  // namespace invoice::locale
