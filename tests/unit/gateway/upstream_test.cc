// Calls of the backend: their turn, their end, and what happens where there are too many.
#include "gateway/upstream/upstream.h"

#include <gmock/gmock.h>

#include <deque>

#include "absl/synchronization/mutex.h"
#include "gateway/transcode/error_reply.h"
#include "shelf_service.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::Book;
using ::gateway::test::GetBookRequest;

constexpr char kGetBook[] = "/gateway.test.ShelfService/GetBook";
constexpr char kReadAloud[] = "/gateway.test.ShelfService/ReadAloud";

std::string RequestFor(const std::string& id) {
  GetBookRequest request;
  request.set_id(id);
  return request.SerializeAsString();
}

// The end of one call, waited for.
class Ending {
 public:
  UnaryDone Done() {
    return [this](const CallEnd& end, const MessagePtr& message) {
      absl::MutexLock lock(&mutex_);
      if (message != nullptr) book_.ParseFromArray(message->view().data(), static_cast<int>(message->view().size()));
      code_ = end.status.code();
      reply_ = MakeErrorReply(end.status);
      ended_ = true;
    };
  }
  bool Wait() {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&ended_), absl::Seconds(10));
  }
  bool ended() {
    absl::MutexLock lock(&mutex_);
    return ended_;
  }
  int code() { return Wait() ? code_ : -1; }
  const ErrorReply& reply() { return reply_; }
  const Book& book() { return book_; }

 private:
  absl::Mutex mutex_;
  bool ended_ = false;
  int code_ = -1;
  ErrorReply reply_;
  Book book_;
};

class UpstreamTest : public ::testing::Test {
 protected:
  static CallOptions Options(absl::Duration deadline = absl::Seconds(10), const char* rpc = kGetBook) {
    return {rpc, {}, deadline};
  }
  std::string Address() const { return "127.0.0.1:" + std::to_string(server_.port); }

  ShelfServer server_;
};

TEST_F(UpstreamTest, GivesBytesForBytes) {
  Backend backend(Address());
  Ending ending;
  backend.Unary(Options(), RequestFor("7"), ending.Done());
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(ending.book().id(), "7");
}

TEST_F(UpstreamTest, CallsBeyondTheBoundWaitAndThenGoOn) {
  Backend backend(Address(), {.under_way = 1, .waiting = 2, .wait = absl::Seconds(10), .streams = 1});
  std::deque<Ending> endings(4);
  backend.Unary(Options(), RequestFor("gate"), endings[0].Done());
  for (size_t i = 1; i < 4; ++i) backend.Unary(Options(), RequestFor("7"), endings[i].Done());
  EXPECT_EQ(endings[3].code(), 14) << "one too many";
  EXPECT_EQ(endings[3].reply().http_status, 503);
  EXPECT_EQ(endings[3].reply().retry_after, absl::Seconds(1));
  EXPECT_THAT(endings[3].reply().body, ::testing::HasSubstr("OVERLOADED"));
  ASSERT_TRUE(server_.shelf.WaitUntilCalled());
  EXPECT_FALSE(endings[1].ended() || endings[2].ended());
  server_.shelf.OpenGate();
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(endings[i].code(), 0) << i;
}

TEST_F(UpstreamTest, ACallThatWaitsTooLongIsRefused) {
  Backend backend(Address(), {.under_way = 1, .waiting = 2, .wait = absl::Milliseconds(50), .streams = 1});
  Ending first;
  Ending second;
  backend.Unary(Options(), RequestFor("gate"), first.Done());
  backend.Unary(Options(), RequestFor("7"), second.Done());
  EXPECT_EQ(second.code(), 14);
  EXPECT_EQ(second.reply().retry_after, absl::Seconds(1));
  server_.shelf.OpenGate();
  EXPECT_EQ(first.code(), 0);
}

TEST_F(UpstreamTest, UrgentCallsDoNotWait) {
  Backend backend(Address(), {.under_way = 1, .waiting = 0, .wait = absl::Seconds(1), .streams = 1});
  Ending first;
  Ending urgent;
  backend.Unary(Options(), RequestFor("gate"), first.Done());
  CallOptions options = Options();
  options.waits = false;
  backend.Unary(std::move(options), RequestFor("7"), urgent.Done());
  EXPECT_EQ(urgent.code(), 0);
  server_.shelf.OpenGate();
  EXPECT_EQ(first.code(), 0);
}

TEST_F(UpstreamTest, CancelEndsACallThatRunsOrWaits) {
  Backend backend(Address(), {.under_way = 1, .waiting = 1, .wait = absl::Seconds(10), .streams = 1});
  Ending running;
  Ending waiting;
  const auto first = backend.Unary(Options(), RequestFor("stuck"), running.Done());
  const auto second = backend.Unary(Options(), RequestFor("7"), waiting.Done());
  ASSERT_TRUE(server_.shelf.WaitUntilCalled());
  second->Cancel();
  EXPECT_EQ(waiting.code(), 14);
  first->Cancel();
  EXPECT_EQ(running.code(), 14);
  EXPECT_TRUE(server_.shelf.WaitUntilCancelled());
}

TEST_F(UpstreamTest, TheDeadlineReachesTheBackend) {
  Backend backend(Address());
  Ending ending;
  backend.Unary(Options(absl::Milliseconds(100)), RequestFor("stuck"), ending.Done());
  EXPECT_EQ(ending.code(), 4);
  EXPECT_TRUE(server_.shelf.WaitUntilCancelled());
}

TEST_F(UpstreamTest, ItsEndEndsAllCalls) {
  std::deque<Ending> endings(3);
  {
    Backend backend(Address(), {.under_way = 1, .waiting = 2, .wait = absl::Seconds(30), .streams = 1});
    backend.Unary(Options(), RequestFor("stuck"), endings[0].Done());
    ASSERT_TRUE(server_.shelf.WaitUntilCalled());
    for (size_t i = 1; i < 3; ++i) backend.Unary(Options(), RequestFor("stuck"), endings[i].Done());
  }
  for (Ending& ending : endings) EXPECT_TRUE(ending.ended());
}

// Reads a stream by hand.
struct Reading {
  absl::Mutex mutex;
  std::vector<int> pages ABSL_GUARDED_BY(mutex);
  int code ABSL_GUARDED_BY(mutex) = -1;

  StreamEvents Events() {
    return {[this](const MessagePtr& message) {
              Book book;
              book.ParseFromArray(message->view().data(), static_cast<int>(message->view().size()));
              absl::MutexLock lock(&mutex);
              pages.push_back(book.page_count());
            },
            [this](const CallEnd& end) {
              absl::MutexLock lock(&mutex);
              code = end.status.code();
            }};
  }
  bool WaitForPages(size_t count) {
    const auto reached = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return pages.size() >= count; };
    absl::MutexLock lock(&mutex);
    return mutex.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10));
  }
  int Code() {
    const auto reached = [&]() ABSL_NO_THREAD_SAFETY_ANALYSIS { return code >= 0; };
    absl::MutexLock lock(&mutex);
    mutex.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(10));
    return code;
  }
};

TEST_F(UpstreamTest, AStreamGivesAMessageForEachRead) {
  Backend backend(Address());
  Reading reading;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("7"), reading.Events());
  for (size_t page = 1; page <= 3; ++page) {
    call->Read();
    ASSERT_TRUE(reading.WaitForPages(page));
    absl::MutexLock lock(&reading.mutex);
    EXPECT_EQ(reading.pages.size(), page) << "no message that was not asked for";
  }
  call->Read();
  EXPECT_EQ(reading.Code(), 0);
}

TEST_F(UpstreamTest, AStreamThatNobodyReadsCanBeCancelled) {
  Backend backend(Address());
  Reading reading;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("stuck"), reading.Events());
  call->Read();
  ASSERT_TRUE(reading.WaitForPages(1));
  call->Cancel();
  EXPECT_EQ(reading.Code(), 14);
  EXPECT_TRUE(server_.shelf.WaitUntilCancelled());
}

TEST_F(UpstreamTest, TooManyStreamsAreRefused) {
  Backend backend(Address(), {.under_way = 1, .waiting = 1, .wait = absl::Seconds(1), .streams = 1});
  Reading first;
  Reading second;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("stuck"), first.Events());
  backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("7"), second.Events());
  EXPECT_EQ(second.Code(), 14);
  call->Cancel();
  EXPECT_EQ(first.Code(), 14);
}

}  // namespace
}  // namespace invoice::gateway
