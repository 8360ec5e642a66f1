#include "domain/states.h"

#include <gtest/gtest.h>

namespace invoice::domain {
namespace {

using absl::CivilDay;

constexpr CivilDay kDue(2026, 10, 31);

TEST(StateOf, FollowsThePrecedence) {
  const struct {
    const char* name;
    InvoiceFacts facts;
    CivilDay today;
    InvoiceState expected;
  } rows[] = {
      {"a draft", {.total_minor = 100, .due_date = kDue}, kDue, InvoiceState::kDraft},
      {"a draft past due", {.total_minor = 100, .due_date = kDue}, kDue + 9, InvoiceState::kDraft},
      {"a cancelled draft", {.cancelled = true, .total_minor = 100, .due_date = kDue}, kDue, InvoiceState::kCancelled},
      {"cancelled before all but draft",
       {.issued = true,
        .cancelled = true,
        .sent = true,
        .total_minor = 100,
        .paid_minor = 100,
        .credited_minor = 100,
        .due_date = kDue},
       kDue + 9,
       InvoiceState::kCancelled},
      {"credited before paid",
       {.issued = true, .total_minor = 100, .paid_minor = 100, .credited_minor = 100, .due_date = kDue},
       kDue,
       InvoiceState::kCredited},
      {"credited in part, the rest paid",
       {.issued = true, .total_minor = 100, .paid_minor = 60, .credited_minor = 40, .due_date = kDue},
       kDue,
       InvoiceState::kPaid},
      {"paid past due",
       {.issued = true, .sent = true, .total_minor = 100, .paid_minor = 100, .due_date = kDue},
       kDue + 9,
       InvoiceState::kPaid},
      {"over-paid",
       {.issued = true, .total_minor = 100, .paid_minor = 120, .due_date = kDue},
       kDue,
       InvoiceState::kPaid},
      {"nothing to pay", {.issued = true, .total_minor = 0, .due_date = kDue}, kDue + 9, InvoiceState::kPaid},
      {"overdue before partially paid",
       {.issued = true, .sent = true, .total_minor = 100, .paid_minor = 50, .due_date = kDue},
       kDue + 1,
       InvoiceState::kOverdue},
      {"not overdue on the due date",
       {.issued = true, .total_minor = 100, .due_date = kDue},
       kDue,
       InvoiceState::kIssued},
      {"partially paid before sent",
       {.issued = true, .sent = true, .total_minor = 100, .paid_minor = 1, .due_date = kDue},
       kDue,
       InvoiceState::kPartiallyPaid},
      {"credited in part is not paid in part",
       {.issued = true, .sent = true, .total_minor = 100, .credited_minor = 1, .due_date = kDue},
       kDue,
       InvoiceState::kSent},
      {"sent", {.issued = true, .sent = true, .total_minor = 100, .due_date = kDue}, kDue, InvoiceState::kSent},
      {"issued", {.issued = true, .total_minor = 100, .due_date = kDue}, kDue, InvoiceState::kIssued},
      {"a credit note is never overdue",
       {.issued = true, .total_minor = -100, .due_date = kDue},
       kDue + 9,
       InvoiceState::kIssued},
      {"a credit note that was sent",
       {.issued = true, .sent = true, .total_minor = -100, .due_date = kDue},
       kDue,
       InvoiceState::kSent},
  };
  for (const auto& row : rows) EXPECT_EQ(Name(StateOf(row.facts, row.today)), Name(row.expected)) << row.name;
}

TEST(OpenAmount, IsNeverBelowZero) {
  EXPECT_EQ(OpenAmount({.total_minor = 100, .paid_minor = 30, .credited_minor = 20}), 50);
  EXPECT_EQ(OpenAmount({.total_minor = 100, .paid_minor = 130}), 0);
  EXPECT_EQ(OpenAmount({.total_minor = -100}), 0);
}

TEST(FactsOf, ReadsARecord) {
  InvoiceRecord record;
  record.document.totals.total_minor = 500;
  record.document.due_date = kDue;
  record.paid_minor = 200;
  EXPECT_EQ(StateOf(FactsOf(record), kDue), InvoiceState::kDraft);
  record.issued_at = absl::UnixEpoch();
  EXPECT_EQ(StateOf(FactsOf(record), kDue), InvoiceState::kPartiallyPaid);
}

TEST(DeliveryOf, TellsWhatBecameOfTheInvoice) {
  using enum EmailState;
  const struct {
    std::vector<EmailFact> emails;
    bool marked;
    Delivery expected;
  } rows[] = {
      {{}, false, Delivery::kNone},
      {{}, true, Delivery::kMarked},
      {{{kQueued}}, false, Delivery::kQueued},
      {{{kSending}}, false, Delivery::kQueued},
      {{{kFailed}}, false, Delivery::kFailed},
      {{{kFailed}}, true, Delivery::kMarked},
      {{{kFailed}, {kQueued}}, false, Delivery::kQueued},
      {{{kSent}, {kFailed}}, false, Delivery::kSent},
      {{{kSent}, {kQueued}}, true, Delivery::kSent},
      {{{kBounced}}, false, Delivery::kBounced},
      {{{kHeld}}, false, Delivery::kHeld},
      {{{kUnknown}}, false, Delivery::kUnknown},
      {{{kFailed}, {kCancelled}}, false, Delivery::kFailed},
      {{{kCancelled}}, false, Delivery::kNone},
      {{{kQueued}, {kSent, false}}, false, Delivery::kQueued},  // a copy went out, the invoice did not
      {{{kSent}, {kFailed, false}}, false, Delivery::kSent},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(Name(DeliveryOf(row.emails, row.marked)), Name(row.expected)) << &row - rows;
  }
}

}  // namespace
}  // namespace invoice::domain
