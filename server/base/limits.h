// Every bound of the system in one place: sizes, counts, waits, retries. A number that limits something and stands
// elsewhere is a fault. Constants only; units come last, durations carry their own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace invoice::base {

// --- Lists ---
inline constexpr int kDefaultPageSize = 50;    // where pageSize is 0
inline constexpr int kMaxPageSize = 200;       // more is refused
inline constexpr int kMaxExactTotal = 10'000;  // totalSize counts no further; counting a million rows costs 100 ms
inline constexpr int kMaxInvoicesOfCustomer = 1'000'000;  // searched by a text in one list
inline constexpr int kExportBatch = 500;                  // invoices read by one short transaction of an export
inline constexpr absl::Duration kPageTokenKeep = absl::Hours(24);  // an older page token is refused

// --- Requests ---
inline constexpr size_t kMaxRequestBytes = 4 * 1024 * 1024;  // body of a REST request, message of a gRPC call
inline constexpr size_t kMaxDrainBytes =
    16 * 1024 * 1024;  // read and thrown away after 413, so that the client sees it
inline constexpr size_t kMaxResponseBytes = 32 * 1024 * 1024;  // a PDF or logo in one message
inline constexpr size_t kMaxMetadataBytes = 32 * 1024;         // all metadata of a gRPC call
inline constexpr size_t kMaxRequestIdBytes = 64;               // a longer x-request-id is replaced by our own
inline constexpr size_t kMaxIdempotencyKeyBytes = 128;
inline constexpr absl::Duration kIdempotencyKeep = absl::Hours(24);    // results are replayed that long
inline constexpr absl::Duration kDefaultDeadline = absl::Seconds(15);  // of a call that brings none
inline constexpr absl::Duration kMaxDeadline = absl::Seconds(60);      // a longer one is cut
inline constexpr absl::Duration kReadinessWait = absl::Seconds(2);     // of the gateway for the server's readiness
inline constexpr int kMaxConcurrentCalls = 256;                        // of one server; more get UNAVAILABLE

// --- HTTP ---
inline constexpr size_t kMaxHeaderCount = 64;
inline constexpr size_t kMaxUrlBytes = 8 * 1024;
inline constexpr int kMaxJsonDepth = 32;
inline constexpr absl::Duration kHttpKeepAlive = absl::Seconds(30);  // of an idle connection

// --- Database ---
inline constexpr int kDefaultDbPoolSize = 10;
inline constexpr int kMaxDbPoolSize = 200;
inline constexpr absl::Duration kPoolWait = absl::Seconds(3);           // for a session; then UNAVAILABLE
inline constexpr absl::Duration kStatementTimeout = absl::Seconds(10);  // PostgreSQL ends a longer statement
inline constexpr absl::Duration kLockTimeout = absl::Seconds(5);        // and a longer wait for a row
inline constexpr absl::Duration kPlanLife = absl::Seconds(5);  // then a statement is planned for tables as they are
inline constexpr absl::Duration kIdleInTransactionTimeout =
    absl::Seconds(30);  // and a session that forgot its transaction
inline constexpr absl::Duration kConnectTimeout = absl::Seconds(3);
inline constexpr int kMaxSessionsOfRow = 2;     // that hold or await one row; further calls wait without a session
inline constexpr int kMaxTransactionTries = 3;  // after a serialization failure or a deadlock
inline constexpr absl::Duration kRetryAfterOverload = absl::Seconds(1);  // RetryInfo of an exhausted pool
inline constexpr absl::Duration kRetryAfterOutage = absl::Seconds(2);    // RetryInfo of a lost database

// --- Jobs ---
inline constexpr absl::Duration kJobLease = absl::Seconds(30);           // a dead worker's job is taken over after this
inline constexpr absl::Duration kJobHeartbeat = absl::Seconds(10);       // a living worker renews its leases
inline constexpr absl::Duration kJobPoll = absl::Seconds(1);             // where no notification comes
inline constexpr absl::Duration kJobPollLeast = absl::Milliseconds(50);  // where a due job is locked by another session
inline constexpr int kMaxJobAttempts = 12;                               // of jobs that failed by themselves
inline constexpr int kMaxJobInterruptions = 24;  // of jobs whose session, lock or worker was lost: over two hours
inline constexpr absl::Duration kJobBackoffFirst = absl::Seconds(1);  // doubles with each attempt
inline constexpr absl::Duration kJobBackoffMax = absl::Minutes(15);
inline constexpr int kJobBatch = 16;  // fetched by one statement
inline constexpr int kDefaultWorkerThreads = 6;
inline constexpr absl::Duration kShutdownWait = absl::Seconds(8);  // for running work; processes are gone within 10 s

// --- Dashboard and overdue invoices ---
inline constexpr int kSweepBatch = 10'000;     // expired rows deleted by one statement
inline constexpr int kMaxChoreBatches = 1000;  // of one chore in one turn of the scheduler
inline constexpr int kRollupBatch = 10'000;    // deltas folded by one statement
inline constexpr int kLongOverdue_days = 60;   // after that, what is open is added up in one row
inline constexpr int kOverdueBatch = 500;      // invoices noted as overdue by one transaction
inline constexpr int kDefaultRevenueMonths = 12;
inline constexpr absl::Duration kFurthestZoneBehind = absl::Hours(12);  // behind UTC, of all places on earth
inline constexpr absl::Duration kFurthestZoneAhead = absl::Hours(14);

// --- Scheduler and runs ---
inline constexpr absl::Duration kSchedulerRest = absl::Minutes(15);   // between chores where nothing is due earlier
inline constexpr absl::Duration kSchedulerRetry = absl::Seconds(10);  // where another scheduler acts, or a round failed
inline constexpr int kSchedulerBatch = 20'000;                        // schedules taken over in one transaction
inline constexpr int kMaxDueDatesTaken = 20'000;  // of one schedule: more than weeks from 1970 to 2199
inline constexpr int kRunChunk = 500;             // customers billed in one transaction of a batch
inline constexpr int kMaxRunChunk = 5000;
inline constexpr int64_t kMaxPortionBytes = 1024 * 1024;  // of long texts, read and billed in one transaction
inline constexpr absl::Duration kChunkTransaction = absl::Seconds(5);  // of a run; a longer one is undone and halved
inline constexpr absl::Duration kBusyPause = absl::Milliseconds(100);  // before customers that others hold
inline constexpr int kMaxCustomerTries = 5;  // of one customer whose transaction the database ended
inline constexpr absl::Duration kCustomerRetryFirst = absl::Milliseconds(200);  // before the second try; doubles
inline constexpr size_t kMaxRowsCheckedAtOnce = 1000;  // of a document; a longer one is laid out before its transaction
inline constexpr size_t kMaxPendingLayouts = 64;       // documents that one call lays out before it tries again
inline constexpr size_t kRunLayouts = 8;               // and one chunk of a run
inline constexpr int kMaxLayoutTries = 20;
inline constexpr int kPlanBatch = 1000;                                // customers looked at by one statement
inline constexpr int kMaxDecisions = 50;                               // of runs about one period, in an explanation
inline constexpr int kMaxPlanChanges = 20;                             // named where a plan is stale
inline constexpr int kMaxRunCustomers = 1000;                          // chosen by their ids
inline constexpr int kMaxWatchers = 1000;                              // streams of runs at a time
inline constexpr absl::Duration kWatchPoll = absl::Milliseconds(250);  // between looks at a watched run
inline constexpr int kMaxDraftsIssued = 500;                           // by one call
inline constexpr absl::Duration kRunPlanKeep = absl::Hours(24);
inline constexpr int kMaxRunDateAhead_days = 366;  // of a quick run
inline constexpr int kMaxPeriodAhead_days = 3660;  // the end of a period that is given by hand: ten years

// --- Payments and credit notes ---
inline constexpr int kMaxPaymentDateAhead_days = 1;        // a person's today may be the customer's tomorrow
inline constexpr size_t kMaxAllocationsPerPayment = 1000;  // invoices that one payment pays, over time
inline constexpr size_t kMaxCreditNotesPerInvoice = 200;   // the last of them takes all that remains
inline constexpr int kMaxClaimHeirs = 1000;                // invoices that inherit days of one that went
inline constexpr int kMaxStatementItems = 1000;            // open invoices listed one by one; totals count all

// --- Content of documents ---
inline constexpr size_t kMaxNamedSpans = 10;  // of days that an error names
inline constexpr size_t kMaxLinesPerInvoice = 2000;
inline constexpr size_t kMaxTaxesPerInvoice = 10;
inline constexpr int64_t kMaxTextWork = 400'000;  // letters of a document's long texts (pdf/length.h): two seconds
inline constexpr size_t kMaxNameCharacters = 200;
inline constexpr size_t kMaxPrefixCharacters = 20;
inline constexpr size_t kMaxPatternCharacters = 64;
inline constexpr size_t kMaxNumberCharacters = 64;
inline constexpr int kMaxSequenceWidth = 10;
inline constexpr int kMaxNetDays = 365;
inline constexpr int64_t kMaxAmount_minor =
    1'000'000'000'000'000;  // 10^15 of any field, so that sums of a thousand fit
inline constexpr size_t kMaxLogoBytes = 1024 * 1024;
inline constexpr int64_t kMaxLogoPixels = 16 * 1024 * 1024;  // of a PNG or JPEG: 64 MiB while it is decoded
inline constexpr int kMaxLogoSide = 16 * 1024;               // pixels
inline constexpr int kMaxLogoShapes = 20'000;                // drawn by an SVG, counting each use of a shape
inline constexpr int kMaxLogoDepth = 64;                     // of elements in elements of an SVG
inline constexpr int kLogosKept = 4;                         // decoded, by each rendering thread
inline constexpr size_t kLogoFilesKept = 16;                 // as documents print them, by each process
// A logo is drawn once, by a process of its own. All its waits together end within 3 seconds.
inline constexpr int kMaxLogoProcesses = 2;  // at a time, of one server or worker
inline constexpr absl::Duration kLogoSeatWait = absl::Milliseconds(300);
inline constexpr absl::Duration kLogoCpu = absl::Seconds(1);  // whole seconds: the kernel counts no finer
inline constexpr absl::Duration kLogoWall = absl::Milliseconds(2000);
inline constexpr size_t kMaxLogoMemoryBytes = 768UL * 1024 * 1024;  // its address space, with the program's own
inline constexpr size_t kMaxLogoFormBytes = 4 * 1024 * 1024;        // of the file that documents print
// An SVG that takes more to be drawn on a page is printed as a picture of points.
inline constexpr absl::Duration kMaxVectorDraw = absl::Milliseconds(50);
inline constexpr size_t kMaxVectorBytes = 256 * 1024;
inline constexpr int kMaxPdfPages = 200;

// --- Email ---
inline constexpr absl::Duration kEmailBackoffFirst = absl::Minutes(1);  // after a 4xx; doubles
inline constexpr absl::Duration kEmailBackoffMax = absl::Minutes(60);
inline constexpr absl::Duration kEmailGiveUp = absl::Hours(24);  // since its first attempt; then FAILED
inline constexpr absl::Duration kSmtpPauseFirst =
    absl::Seconds(15);  // of a configuration after a fault of the session; doubles
inline constexpr absl::Duration kSmtpPauseMax = absl::Minutes(15);
inline constexpr int kDefaultMaxEmailsPerRun = 1000;  // more of one run are held
inline constexpr int kDefaultMaxEmailsPerRecipientPerDay = 20;
inline constexpr int kDefaultSmtpConnections = 4;  // of all workers to one mail server
inline constexpr int kMaxSmtpConnections = 32;
inline constexpr int kMaxEmailsReleased = 10'000;                  // by one call
inline constexpr int kEmailBatch = 32;                             // emails that a thread takes over at a time
inline constexpr absl::Duration kMaxRateBurst = absl::Seconds(1);  // of a rate limit: so much goes out at once
inline constexpr int kRotationBatch = 100;                         // passwords sealed anew by one transaction
inline constexpr int kMaxSmtpTests = 4;  // of configurations at a time, of one server; more get UNAVAILABLE
inline constexpr size_t kMaxSubjectCharacters = 200;  // of a template, and of what was filled in
inline constexpr size_t kMaxTemplateTextCharacters = 20'000;
inline constexpr size_t kMaxTemplateHtmlCharacters = 100'000;

// --- Imports ---
inline constexpr size_t kMaxImportBytes = 2 * 1024 * 1024;      // of one CSV file, as the protos say
inline constexpr size_t kMaxImportRows = 5000;                  // below the header
inline constexpr size_t kMaxImportColumns = 64;                 // of one row; what stands behind is counted no further
inline constexpr size_t kMaxFaultsPerImportRow = 10;            // that are shown
inline constexpr int kMaxImportMatches = 20'000;                // customers that the texts of one file may find
inline constexpr absl::Duration kImportKeep = absl::Hours(24);  // a checked file can be executed that long
inline constexpr int kImportSweep = 20;                         // outdated files removed by one check

}  // namespace invoice::base
