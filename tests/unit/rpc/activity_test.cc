#include "rpc/activity.h"

#include <gtest/gtest.h>

namespace invoice::rpc {
namespace {

store::ActivityRecord Record(const char* resource, const char* action) {
  return {.resource = resource,
          .action = action,
          .invoice_id = "01900000-0000-7000-8000-000000000031",
          .invoice_number = "INV-1",
          .customer_name = "Maple Ltd.",
          .recipient = "ap@maple.example",
          .reason = "550 no such user.\r\nSorry.",
          .run_date = absl::CivilDay(2026, 11, 1),
          .invoiced_count = 3,
          .failed_count = 1};
}

TEST(ActivityTest, IsOneSentenceForPeople) {
  EXPECT_EQ(ActivityToProto(Record("invoice", "issue")).message(), "Invoice INV-1 was issued to Maple Ltd.");
  EXPECT_EQ(ActivityToProto(Record("invoice", "overdue")).message(), "Invoice INV-1 of Maple Ltd. is overdue.");
  const auto failed = ActivityToProto(Record("email", "failed"));
  EXPECT_EQ(failed.event(), "email.failed");
  EXPECT_EQ(failed.message(), "The email with invoice INV-1 to ap@maple.example failed: 550 no such user. Sorry.");
  EXPECT_EQ(ActivityToProto(Record("run", "finish")).message(),
            "The run of 2026-11-01 has ended: 3 invoiced, 0 skipped, 0 held, 1 failed.");
}

TEST(ActivityTest, KnowsCreditNotesAndDrafts) {
  store::ActivityRecord record = Record("invoice", "issue");
  record.of_credit_note = true;
  EXPECT_EQ(ActivityToProto(record).event(), "credit_note.issued");
  record.of_credit_note = false;
  record.invoice_number = "";
  EXPECT_EQ(ActivityToProto(record).invoice_number(), "");
}

TEST(ActivityTest, TellsWhatHasNoSentenceYet) {
  const auto activity = ActivityToProto(Record("invoice", "embroider"));
  EXPECT_EQ(activity.event(), "invoice.embroider");
  EXPECT_EQ(activity.message(), "invoice: embroider invoice INV-1.");
}

}  // namespace
}  // namespace invoice::rpc
