// Calls of the backend: their turn, their end, and what happens where there are too many.
#include "gateway/upstream/upstream.h"

#include <gmock/gmock.h>

#include <deque>

#include "absl/time/clock.h"
#include "gateway/io/io_threads.h"
#include "shelf_service.h"
#include "upstream_ending.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::Book;
using ::gateway::test::GetBookRequest;

constexpr char kGetBook[] = "/gateway.test.ShelfService/GetBook";
constexpr char kCreateBook[] = "/gateway.test.ShelfService/CreateBook";
constexpr char kReadAloud[] = "/gateway.test.ShelfService/ReadAloud";

std::string RequestFor(const std::string& id) {
  GetBookRequest request;
  request.set_id(id);
  return request.SerializeAsString();
}

std::string TitleOf(const Ending& ending) {
  Book book;
  book.ParseFromString(ending.bytes());
  return book.title();
}

class UpstreamTest : public ::testing::Test {
 protected:
  static CallOptions Options(absl::Duration deadline = absl::Seconds(10), const char* rpc = kGetBook) {
    return {rpc, {}, deadline};
  }
  std::string Address() const { return "127.0.0.1:" + std::to_string(server_.port); }

  ShelfServer server_;
  IoThreads io_;
};

TEST_F(UpstreamTest, GivesBytesForBytes) {
  Backend backend(Address(), io_);
  Ending ending;
  backend.Unary(Options(), RequestFor("7"), ending.Done());
  EXPECT_EQ(ending.code(), 0);
  Book book;
  EXPECT_TRUE(book.ParseFromString(ending.bytes()));
  EXPECT_EQ(book.id(), "7");
}

TEST_F(UpstreamTest, LargeBodiesPassInBothDirections) {
  Backend backend(Address(), io_);
  ::gateway::test::CreateBookRequest request;
  for (const size_t size : {size_t{8185}, size_t{16384}, size_t{65536}, size_t{3} << 20}) {
    request.mutable_book()->set_title(std::string(size, 'x'));
    Ending ending;
    backend.Unary(Options(absl::Seconds(10), kCreateBook), request.SerializeAsString(), ending.Done());
    ASSERT_EQ(ending.code(), 0) << size;
    EXPECT_EQ(TitleOf(ending), request.book().title());
  }
}

TEST_F(UpstreamTest, ManyCallsAtATimeAllEnd) {
  Backend backend(Address(), io_);
  std::deque<Ending> endings(1000);
  for (size_t i = 0; i < endings.size(); ++i) {
    backend.Unary(Options(), RequestFor(std::to_string(i)), endings[i].Done());
  }
  for (size_t i = 0; i < endings.size(); ++i) {
    ASSERT_EQ(endings[i].code(), 0) << i;
    Book book;
    book.ParseFromString(endings[i].bytes());
    EXPECT_EQ(book.id(), std::to_string(i));
  }
}

TEST_F(UpstreamTest, ABackendThatComesBackIsReached) {
  auto server = std::make_unique<ShelfServer>();
  const int port = server->port;
  Backend backend("localhost:" + std::to_string(port), io_);
  Ending before;
  backend.Unary(Options(), RequestFor("7"), before.Done());
  EXPECT_EQ(before.code(), 0);
  server.reset();
  Ending away;
  backend.Unary(Options(), RequestFor("7"), away.Done());
  EXPECT_EQ(away.code(), 14);
  EXPECT_THAT(away.reply().body, ::testing::HasSubstr("BACKEND_UNREACHABLE"));
  EXPECT_EQ(away.reply().retry_after, absl::Seconds(1));
  server = std::make_unique<ShelfServer>(port);
  const absl::Time end = absl::Now() + absl::Seconds(10);
  for (int code = 14; code != 0; absl::SleepFor(absl::Milliseconds(20))) {
    ASSERT_LT(absl::Now(), end);
    Ending again;
    backend.Unary(Options(), RequestFor("7"), again.Done());
    code = again.code();
  }
}

TEST_F(UpstreamTest, CallsBeyondTheBoundWaitAndThenGoOn) {
  Backend backend(Address(), io_, {.under_way = 1, .waiting = 2, .wait = absl::Seconds(10), .streams = 1});
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
  Backend backend(Address(), io_, {.under_way = 1, .waiting = 2, .wait = absl::Milliseconds(50), .streams = 1});
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
  Backend backend(Address(), io_, {.under_way = 1, .waiting = 0, .wait = absl::Seconds(1), .streams = 1});
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
  Backend backend(Address(), io_, {.under_way = 1, .waiting = 1, .wait = absl::Seconds(10), .streams = 1});
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
  Backend backend(Address(), io_);
  Ending ending;
  backend.Unary(Options(absl::Milliseconds(100)), RequestFor("stuck"), ending.Done());
  EXPECT_EQ(ending.code(), 4);
  EXPECT_TRUE(server_.shelf.WaitUntilCancelled());
}

TEST_F(UpstreamTest, ItsEndEndsAllCalls) {
  std::deque<Ending> endings(3);
  {
    Backend backend(Address(), io_, {.under_way = 1, .waiting = 2, .wait = absl::Seconds(30), .streams = 1});
    backend.Unary(Options(), RequestFor("stuck"), endings[0].Done());
    ASSERT_TRUE(server_.shelf.WaitUntilCalled());
    for (size_t i = 1; i < 3; ++i) backend.Unary(Options(), RequestFor("stuck"), endings[i].Done());
  }
  for (Ending& ending : endings) EXPECT_TRUE(ending.ended());
}

TEST_F(UpstreamTest, AStreamGivesAMessageForEachRead) {
  Backend backend(Address(), io_);
  Reading reading;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("7"), reading.Events());
  for (size_t page = 1; page <= 3; ++page) {
    call->Read();
    ASSERT_TRUE(reading.WaitFor(page));
    EXPECT_EQ(reading.messages().size(), page) << "no message that was not asked for";
  }
  call->Read();
  EXPECT_EQ(reading.code(), 0);
}

TEST_F(UpstreamTest, AStreamThatNobodyReadsCanBeCancelled) {
  Backend backend(Address(), io_);
  Reading reading;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("stuck"), reading.Events());
  call->Read();
  ASSERT_TRUE(reading.WaitFor(1));
  call->Cancel();
  EXPECT_EQ(reading.code(), 14);
  EXPECT_TRUE(server_.shelf.WaitUntilCancelled());
}

TEST_F(UpstreamTest, TooManyStreamsAreRefused) {
  Backend backend(Address(), io_, {.under_way = 1, .waiting = 1, .wait = absl::Seconds(1), .streams = 1});
  Reading first;
  Reading second;
  const auto call = backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("stuck"), first.Events());
  backend.Stream(Options(absl::Seconds(10), kReadAloud), RequestFor("7"), second.Events());
  EXPECT_EQ(second.code(), 14);
  call->Cancel();
  EXPECT_EQ(first.code(), 14);
}

}  // namespace
}  // namespace invoice::gateway
