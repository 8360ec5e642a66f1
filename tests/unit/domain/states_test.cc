#include "domain/states.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"

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

// Refused with the state in message and metadata, and the way out in the message.
void ExpectRefused(const absl::Status& status, const std::string& state, const std::string& way_out) {
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kInvalidState);
  EXPECT_EQ(base::DetailOf(status).metadata["state"], state);
  EXPECT_THAT(std::string(status.message()), testing::AllOf(testing::HasSubstr(state), testing::HasSubstr(way_out)));
}

TEST(CheckCancel, LetsGoWhatNobodyHas) {
  const InvoiceFacts issued{.issued = true, .total_minor = 100, .due_date = kDue};
  EXPECT_TRUE(CheckCancel({.total_minor = 100}, {}, kDue).ok()) << "a draft";
  EXPECT_TRUE(CheckCancel(issued, {}, kDue).ok());
  EXPECT_TRUE(CheckCancel(issued, {}, kDue + 9).ok()) << "past due, and nobody has it";
  EXPECT_TRUE(CheckCancel({.issued = true, .due_date = kDue}, {}, kDue).ok()) << "a total of zero is not paid";
  for (const EmailState state : {EmailState::kQueued, EmailState::kHeld, EmailState::kFailed, EmailState::kCancelled}) {
    EXPECT_TRUE(CheckCancel(issued, {{state}, {state, false}}, kDue).ok()) << Name(state);
    ExpectRefused(CheckCancel(issued, {{state, true, /*repeated=*/true}}, kDue), "ISSUED", "issue a credit note");
  }
  for (const EmailState state : {EmailState::kSending, EmailState::kSent, EmailState::kBounced, EmailState::kUnknown}) {
    ExpectRefused(CheckCancel(issued, {{EmailState::kQueued}, {state}}, kDue), "ISSUED", "issue a credit note");
    ExpectRefused(CheckCancel(issued, {{state, /*to=*/false}}, kDue), "ISSUED", "issue a credit note");
  }
}

TEST(CheckCancel, NamesTheStateAndTheWayOut) {
  InvoiceFacts facts{.issued = true, .sent = true, .total_minor = 100, .due_date = kDue};
  ExpectRefused(CheckCancel(facts, {}, kDue), "SENT", "issue a credit note");
  ExpectRefused(CheckCancel(facts, {}, kDue + 1), "OVERDUE", "issue a credit note");
  facts.paid_minor = 1;
  ExpectRefused(CheckCancel(facts, {}, kDue), "PARTIALLY_PAID", "issue a credit note");
  facts.paid_minor = 100;
  ExpectRefused(CheckCancel(facts, {}, kDue), "PAID", "issue a credit note");
  facts = {.issued = true, .total_minor = 100, .credited_minor = 1, .due_date = kDue};
  ExpectRefused(CheckCancel(facts, {}, kDue), "ISSUED", "issue a credit note for the rest");
  facts = {.issued = true, .cancelled = true, .total_minor = 100, .due_date = kDue};
  ExpectRefused(CheckCancel(facts, {}, kDue), "CANCELLED", "nothing left");
}

TEST(CheckCancel, OffersNoCreditNoteWhereNothingCanBeCredited) {
  using testing::HasSubstr;
  using testing::Not;
  InvoiceFacts facts{.issued = true, .sent = true, .total_minor = 100, .credited_minor = 100, .due_date = kDue};
  ExpectRefused(CheckCancel(facts, {}, kDue), "CREDITED", "bill the period again");
  EXPECT_THAT(std::string(CheckCancel(facts, {}, kDue).message()), Not(HasSubstr("credit note")));
  facts = {.issued = true, .sent = true, .due_date = kDue};
  ExpectRefused(CheckCancel(facts, {}, kDue), "PAID", "bill the period again beside it");
  EXPECT_THAT(std::string(CheckCancel(facts, {}, kDue).message()), Not(HasSubstr("credit note")));
  facts.sent = false;
  ExpectRefused(CheckCancel(facts, {{EmailState::kSent}}, kDue), "PAID", "bill the period again beside it");
}

TEST(CreditNotes, AreRefusedByTheirOwnName) {
  InvoiceFacts note{.issued = true, .total_minor = -100, .due_date = kDue};
  for (const char* state : {"ISSUED", "SENT"}) {
    const std::string named = std::string("the credit note is ") + state + ": ";
    for (const absl::Status& status : {CheckCancel(note, {}, kDue + 9), CheckCredit(note, kDue + 9)}) {
      ExpectRefused(status, state, named);
      ExpectRefused(status, state, "issue a new invoice");
      EXPECT_THAT(std::string(status.message()), testing::Not(testing::HasSubstr("the invoice is")));
    }
    note.sent = true;
  }
}

TEST(CheckMarkSent, IsForWhatStands) {
  EXPECT_TRUE(CheckMarkSent({.issued = true, .total_minor = 100, .due_date = kDue}, kDue).ok());
  EXPECT_TRUE(CheckMarkSent({.issued = true, .total_minor = -100, .due_date = kDue}, kDue).ok());
  ExpectRefused(CheckMarkSent({.total_minor = 100}, kDue), "DRAFT", "issue it");
  ExpectRefused(CheckMarkSent({.issued = true, .cancelled = true}, kDue), "CANCELLED", "bill the period again");
}

TEST(CheckCredit, IsForWhatRemains) {
  EXPECT_TRUE(CheckCredit({.issued = true, .total_minor = 100, .due_date = kDue}, kDue).ok());
  EXPECT_TRUE(CheckCredit({.issued = true, .total_minor = 100, .paid_minor = 100, .due_date = kDue}, kDue).ok());
  EXPECT_TRUE(CheckCredit({.issued = true, .total_minor = 100, .credited_minor = 99, .due_date = kDue}, kDue).ok());
  ExpectRefused(CheckCredit({.total_minor = 100}, kDue), "DRAFT", "cancel it");
  ExpectRefused(CheckCredit({.issued = true, .cancelled = true, .total_minor = 100}, kDue), "CANCELLED", "nothing");
  ExpectRefused(CheckCredit({.issued = true, .total_minor = 100, .credited_minor = 100}, kDue), "CREDITED",
                "bill the period again");
  ExpectRefused(CheckCredit({.issued = true}, kDue), "PAID", "zero");
}

}  // namespace
}  // namespace invoice::domain
