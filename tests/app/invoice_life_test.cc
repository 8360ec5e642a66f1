// An invoice's later life on the database: cancelled, marked sent, credited, and the days and money that become free.
#include "app/invoice_life.h"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

#include "app/claims.h"
#include "app/credit_notes.h"
#include "app/email_templates.h"
#include "app/emails.h"
#include "app/payments.h"
#include "base/id.h"
#include "base/status.h"
#include "store/emails.h"
#include "tests/app/app_fixture.h"

namespace invoice::app {
namespace {

using domain::InvoiceRecord;
using testing::HasSubstr;

constexpr absl::CivilDay kRunDate(2026, 11, 1);
constexpr absl::CivilDay kToday(2026, 11, 23);

class InvoiceLifeTest : public AppTest {
 protected:
  // 7.5 hours at 100.00 with 13 %: 847.50.
  InvoiceRecord Bill(bool send_email = false, absl::CivilDay run_date = kRunDate) {
    const auto outcome = RunQuick(customer_, run_date, NewCall(), send_email);
    EXPECT_TRUE(outcome.ok()) << outcome.status();
    return outcome->result.invoice;
  }
  absl::StatusOr<Outcome<InvoiceRecord>> Cancel(const std::string& id, const std::string& etag = "") {
    return InvoiceLife(*core_).Cancel(NewCall(), {id, etag, "mistake"}, {});
  }
  absl::StatusOr<Outcome<InvoiceRecord>> MarkSent(const std::string& id) {
    return InvoiceLife(*core_).MarkSent(NewCall(), {id, "", "by post"}, {});
  }
  absl::StatusOr<Outcome<IssuedInvoice>> Credit(const std::string& id, const char* hours = nullptr) {
    CreditNoteInput input{.invoice_id = id, .reason = "agreed"};
    if (hours != nullptr) input.lines = {{1, *domain::Quantity::Parse(hours)}};
    return CreditNotes(*core_).Create(NewCall(), input, {});
  }
  void Pay(const std::string& id, const char* amount) {
    const auto paid = Payments(*core_).CreateForInvoice(
        NewCall(), {.invoice_id = id, .date = kToday, .amount = std::string(amount)}, {});
    ASSERT_TRUE(paid.ok()) << paid.status();
    clock_.Advance(absl::Seconds(1));
  }
  domain::InvoiceState StateOf(const std::string& id) { return Invoices(*core_).StateOf(*Invoices(*core_).Get(id)); }

  // The present state of an email, as if a worker had brought it there.
  void SetEmail(const std::string& id, domain::EmailState state) {
    auto transaction = database_.Begin();
    domain::EmailRecord email = *store::Emails(*transaction).Get(id);
    email.state = state;
    email.sent_at = clock_.Now();
    ASSERT_TRUE(store::Emails(*transaction).Update(email, clock_.Now()).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }

  // An invoice beside another one, as the wizard makes it; its claims are what nobody else has.
  std::string BillBeside(const InvoiceRecord& like, const std::string& number, const domain::Period& period) {
    InvoiceRecord beside = like;
    beside.id = base::NewId(clock_);
    beside.document.number = number;
    beside.document.period = period;
    beside.document.duplicate_reason = "agreed twice";
    beside.series_key.clear();
    auto transaction = database_.Begin();
    EXPECT_TRUE(
        store::Invoices(*transaction).InsertAll({&beside}, store::PreparedInvoices({&beside}, clock_.Now())).ok());
    EXPECT_TRUE(transaction->Commit().ok());
    clock_.Advance(absl::Seconds(1));
    return beside.id;
  }
  // Who claims days of November and around it, as "number first last" in order.
  std::vector<std::string> Claims() {
    auto transaction = database_.Begin();
    const auto claims =
        store::Invoices(*transaction).FindClaims(customer_, {absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 12, 31)});
    EXPECT_TRUE(claims.ok()) << claims.status();
    std::vector<std::string> texts;
    for (const store::ClaimedDays& claim : *claims) {
      texts.push_back(claim.number + " " + store::ToText(claim.days.first) + " " + store::ToText(claim.days.last));
    }
    return texts;
  }

  void ExpectState(const absl::Status& status, const std::string& state, const std::string& way_out) {
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
    EXPECT_EQ(base::DetailOf(status).reason, base::Reason::kInvalidState) << status;
    EXPECT_EQ(base::DetailOf(status).metadata["state"], state) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(way_out));
  }

  std::string vendor_ = NewVendor();
  std::string customer_ = NewCustomer(vendor_);
};

TEST_F(InvoiceLifeTest, CancelsWhatIsNotSentWithItsEmailsAndFreesItsDays) {
  const InvoiceRecord invoice = Bill(/*send_email=*/true);
  ASSERT_EQ(Count("jobs"), 2);
  const auto cancelled = Cancel(invoice.id, std::to_string(invoice.version));
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_EQ(StateOf(invoice.id), domain::InvoiceState::kCancelled);
  EXPECT_EQ(cancelled->result.cancel_reason, "mistake");
  EXPECT_EQ(cancelled->result.delivery, domain::Delivery::kNone);
  ASSERT_EQ(cancelled->result.emails.size(), 1u);
  EXPECT_EQ(cancelled->result.emails[0].state, domain::EmailState::kCancelled);
  EXPECT_EQ(Count("jobs WHERE kind = 'SEND_EMAIL'"), 0);
  EXPECT_EQ(Count("period_claims"), 0);
  EXPECT_EQ(Count("audit_events WHERE action = 'cancel'"), 1);
  EXPECT_EQ(Bill().document.number, "INV-2026-0002") << "the number stays spent";
  ExpectState(Cancel(invoice.id).status(), "CANCELLED", "nothing left");
}

TEST_F(InvoiceLifeTest, CancelsNothingThatMayHaveArrived) {
  const InvoiceRecord invoice = Bill(/*send_email=*/true);
  for (const auto state : {domain::EmailState::kSending, domain::EmailState::kSent, domain::EmailState::kUnknown,
                           domain::EmailState::kBounced}) {
    SetEmail(invoice.emails[0].id, state);
    ExpectState(Cancel(invoice.id).status(), "ISSUED", "issue a credit note");
  }
  EXPECT_EQ(Count("jobs WHERE kind = 'SEND_EMAIL'"), 1) << "a refusal leaves the job";
  EXPECT_EQ(Count("period_claims"), 1);
}

TEST_F(InvoiceLifeTest, CancelsNothingThatWasHandedOverPaidOrCredited) {
  const InvoiceRecord marked = Bill();
  ASSERT_TRUE(MarkSent(marked.id).ok());
  ExpectState(Cancel(marked.id).status(), "SENT", "issue a credit note");
  const InvoiceRecord paid = Bill(false, absl::CivilDay(2026, 10, 1));
  Pay(paid.id, "1.00");
  ExpectState(Cancel(paid.id).status(), "OVERDUE", "something is paid");
  const InvoiceRecord credited = Bill(false, absl::CivilDay(2026, 12, 1));
  const auto note = Credit(credited.id, "1");
  ASSERT_TRUE(note.ok()) << note.status();
  ExpectState(Cancel(credited.id).status(), "ISSUED", "credit note for the rest");
  ExpectState(Cancel(note->result.invoice.id).status(), "ISSUED", "issue a new invoice");
  const auto stale = Cancel(credited.id, "1");
  EXPECT_EQ(base::DetailOf(stale.status()).reason, base::Reason::kStaleEtag);
}

TEST_F(InvoiceLifeTest, CancelsADraft) {
  InvoiceRecord draft = Bill();
  draft.id = base::NewId(clock_);
  draft.issued_at.reset();
  draft.document.number.clear();
  draft.series_key.clear();
  draft.document.period = {absl::CivilDay(2026, 1, 1), absl::CivilDay(2026, 1, 31)};
  auto transaction = database_.Begin();
  const store::Claim claim{draft.id, draft.vendor_id, draft.customer_id, draft.document.period};
  ASSERT_EQ(store::Invoices(*transaction).Claim({claim})->size(), 1u);
  ASSERT_TRUE(store::Invoices(*transaction).InsertAll({&draft}, store::PreparedInvoices({&draft}, clock_.Now())).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  ExpectState(MarkSent(draft.id).status(), "DRAFT", "issue it");
  ExpectState(Credit(draft.id).status(), "DRAFT", "cancel it");
  ASSERT_TRUE(Cancel(draft.id).ok());
  EXPECT_EQ(StateOf(draft.id), domain::InvoiceState::kCancelled);
  EXPECT_EQ(Count("period_claims"), 1) << "the issued one's";
}

TEST_F(InvoiceLifeTest, MarksAsSentAndReplacesTheNote) {
  const InvoiceRecord invoice = Bill();
  const auto marked = MarkSent(invoice.id);
  ASSERT_TRUE(marked.ok()) << marked.status();
  EXPECT_EQ(marked->result.delivery, domain::Delivery::kMarked);
  EXPECT_EQ(marked->result.sent_note, "by post");
  EXPECT_EQ(StateOf(invoice.id), domain::InvoiceState::kSent);
  clock_.Advance(absl::Hours(1));
  const auto again = InvoiceLife(*core_).MarkSent(NewCall(), {invoice.id, "", "portal"}, {});
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->result.sent_note, "portal");
  EXPECT_EQ(again->result.sent_at, marked->result.sent_at) << "the first time counts";
}

TEST_F(InvoiceLifeTest, PassesFreeDaysToTheInvoicesBilledBeside) {
  const InvoiceRecord first = Bill();  // claims October
  const auto period = [](int from, int to) {
    return domain::Period{absl::CivilDay(2026, 10, from), absl::CivilDay(2026, 10, to)};
  };
  const std::string older = BillBeside(first, "B-1", period(5, 20));
  BillBeside(first, "B-2", period(1, 10));
  EXPECT_THAT(Claims(), testing::ElementsAre("INV-2026-0001 2026-10-01 2026-10-31"));
  ASSERT_TRUE(Cancel(first.id).ok());
  EXPECT_THAT(Claims(), testing::ElementsAre("B-2 2026-10-01 2026-10-04", "B-1 2026-10-05 2026-10-20"));
  ASSERT_TRUE(Cancel(older).ok());
  EXPECT_THAT(Claims(), testing::ElementsAre("B-2 2026-10-01 2026-10-04", "B-2 2026-10-05 2026-10-10"));
}

TEST_F(InvoiceLifeTest, CreditsInPartsUntilNothingRemainsAndThePeriodIsFree) {
  const InvoiceRecord invoice = Bill();
  const auto first = Credit(invoice.id, "2.5");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->result.invoice.document.number, "INV-CN-2026-0001");
  EXPECT_EQ(first->result.invoice.document.kind, domain::DocumentKind::kCreditNote);
  EXPECT_EQ(first->result.invoice.document.totals.total_minor, -28250);
  EXPECT_EQ(first->result.invoice.original_invoice_id, invoice.id);
  EXPECT_EQ(first->result.invoice.run_id, "");
  EXPECT_EQ(first->result.invoice.document.lines[0].original_line, 1);
  EXPECT_EQ(first->result.invoice.document.invoice_date, kToday);
  EXPECT_EQ(Invoices(*core_).Get(invoice.id)->credited_minor, 28250);
  const auto refused = Credit(invoice.id, "5.1");
  EXPECT_EQ(base::DetailOf(refused.status()).fields[0].field, "lines[0].quantity") << refused.status();
  EXPECT_FALSE(RunQuick(customer_, kRunDate, NewCall()).ok()) << "the rest still bills the period";
  ASSERT_TRUE(Credit(invoice.id).ok());
  EXPECT_EQ(StateOf(invoice.id), domain::InvoiceState::kCredited);
  EXPECT_EQ(Count("period_claims"), 0);
  ExpectState(Credit(invoice.id).status(), "CREDITED", "bill the period again");
  EXPECT_EQ(Bill().document.number, "INV-2026-0002");
  ExpectState(Credit(first->result.invoice.id).status(), "ISSUED", "issue a new invoice");
}

TEST_F(InvoiceLifeTest, TurnsWhatWasPaidBeyondTheRestIntoUnappliedCredit) {
  const InvoiceRecord invoice = Bill();
  Pay(invoice.id, "500.00");
  Pay(invoice.id, "347.50");
  ASSERT_EQ(StateOf(invoice.id), domain::InvoiceState::kPaid);
  ASSERT_TRUE(Credit(invoice.id, "5").ok());  // 565.00; 282.50 are left to pay
  const auto after = Invoices(*core_).Get(invoice.id);
  EXPECT_EQ(after->paid_minor, 28250);
  EXPECT_EQ(StateOf(invoice.id), domain::InvoiceState::kPaid);
  const auto payments = Payments(*core_).List({.invoice_id = invoice.id, .oldest_first = true}, {});
  ASSERT_EQ(payments->records.size(), 2u);
  EXPECT_EQ(domain::UnappliedAmount(payments->records[0]), 21750) << "the last one is freed first";
  EXPECT_EQ(domain::UnappliedAmount(payments->records[1]), 34750);
  EXPECT_TRUE(payments->records[1].allocations.empty());
  EXPECT_EQ(Count("audit_events WHERE action = 'free'"), 2);
}

TEST_F(InvoiceLifeTest, EmailsACreditNoteWhenAsked) {
  const InvoiceRecord invoice = Bill();
  const auto note =
      CreditNotes(*core_).Create(NewCall(), {.invoice_id = invoice.id, .reason = "agreed", .send_email = true}, {});
  ASSERT_TRUE(note.ok()) << note.status();
  ASSERT_EQ(note->result.invoice.emails.size(), 1u);
  EXPECT_THAT(note->result.invoice.emails[0].subject, HasSubstr("Credit note INV-CN-2026-0001"));
  EXPECT_EQ(note->result.invoice.delivery, domain::Delivery::kQueued);
  const auto document = Invoices(*core_).Download(note->result.invoice.id);
  ASSERT_TRUE(document.ok()) << document.status();
  EXPECT_EQ(document->file_name, "INV-CN-2026-0001.pdf");
}

TEST_F(InvoiceLifeTest, AnEmailOfACreditNoteAsksForNoPayment) {
  const auto changed = EmailTemplates(*core_).Update(NewCall(), vendor_, "",
                                                     [](domain::EmailTemplate& one) {
                                                       one.subject = "{{documentName}} {{number}} by {{dueDate}}.";
                                                       return absl::OkStatus();
                                                     },
                                                     {});
  ASSERT_TRUE(changed.ok()) << changed.status();
  const InvoiceRecord invoice = Bill();
  const auto note =
      CreditNotes(*core_).Create(NewCall(), {.invoice_id = invoice.id, .reason = "agreed", .send_email = true}, {});
  ASSERT_TRUE(note.ok()) << note.status();
  EXPECT_EQ(note->result.invoice.emails.at(0).subject, "Credit note INV-CN-2026-0001 by .");
}

TEST_F(InvoiceLifeTest, SpendsNoNumberOnARefusedCreditNote) {
  const InvoiceRecord invoice = Bill();
  const int64_t series = Count("number_series");
  ASSERT_TRUE(Vendors(*core_)
                  .Update(NewCall(), vendor_, "",
                          [](domain::Vendor& vendor) {
                            vendor.books_closed_through = kToday;
                            return absl::OkStatus();
                          },
                          {})
                  .ok());
  EXPECT_EQ(base::DetailOf(Credit(invoice.id).status()).reason, base::Reason::kBooksClosed);
  EXPECT_EQ(base::DetailOf(Cancel(invoice.id).status()).reason, base::Reason::kBooksClosed);
  CreditNoteInput input{.invoice_id = invoice.id, .reason = "\xF3\xB0\x80\x80", .date = kToday + 1};
  const auto unprintable = CreditNotes(*core_).Create(NewCall(), input, {});
  EXPECT_EQ(base::DetailOf(unprintable.status()).metadata["field"], "reason") << unprintable.status();
  input.date = kRunDate - 1;
  const auto early = CreditNotes(*core_).Create(NewCall(), input, {});
  EXPECT_FALSE(early.ok());
  EXPECT_EQ(Count("number_series"), series);
  EXPECT_EQ(Invoices(*core_).Get(invoice.id)->credited_minor, 0);
}

TEST_F(InvoiceLifeTest, CreditsAnInvoiceOnceWhoeverAsksAtOnce) {
  const InvoiceRecord invoice = Bill();
  std::vector<std::thread> threads;
  std::atomic<int> credited = 0;
  for (int i = 0; i < 10; ++i) {
    threads.emplace_back([&] { credited += Credit(invoice.id).ok() ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(credited, 1);
  EXPECT_EQ(Count("invoices WHERE kind = 'CREDIT_NOTE'"), 1);
  EXPECT_EQ(Count("number_series WHERE series_key LIKE '%CN%' AND last_sequence = 1"), 1);
}

}  // namespace
}  // namespace invoice::app
