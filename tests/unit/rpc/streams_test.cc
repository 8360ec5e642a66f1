// Streams over a real server and channel: what they hold while they wait, and how they end.
#include <gmock/gmock.h>
#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <set>
#include <string>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "base/status.h"
#include "rpc/server.h"
#include "trial.grpc.pb.h"

namespace invoice::rpc {
namespace {

using trial::GetThingRequest;
using trial::Thing;

constexpr char kId[] = "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d";
constexpr absl::Duration kPatience = absl::Seconds(30);

int CountThreads() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
  }
  return -1;
}

// The streams that are open, each with how often it was told that there is something new.
class Sources {
 public:
  // Sends "first", then one message whenever Tell() was called, and ends after the third.
  Next<Thing> Open(const Wake& wake) {
    const auto source = std::make_shared<Source>(*this, wake);
    return [source](Thing* thing) { return source->Next(thing); };
  }
  void Tell() {
    const absl::MutexLock lock(&mutex_);
    ++told_;
    for (const Source* source : open_) source->wake();
  }
  void AwaitCount(size_t count) {
    const absl::MutexLock lock(&mutex_);
    const auto reached = [this, count] { return open_.size() == count; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&reached), kPatience)) << open_.size();
  }
  int turns() const { return turns_; }

 private:
  struct Source {
    Source(Sources& given, Wake to_wake) : sources(given), wake(std::move(to_wake)) {
      const absl::MutexLock lock(&sources.mutex_);
      sources.open_.insert(this);
    }
    ~Source() {
      const absl::MutexLock lock(&sources.mutex_);
      sources.open_.erase(this);
    }
    absl::StatusOr<Turn> Next(Thing* thing) {
      const absl::MutexLock lock(&sources.mutex_);
      ++sources.turns_;
      if (sent == 3) return Turn::kEnd;
      if (sent > sources.told_) return Turn::kLater;
      thing->set_name(std::to_string(++sent));
      return Turn::kMessage;
    }
    Sources& sources;
    const Wake wake;
    int sent = 0;
  };

  absl::Mutex mutex_;
  std::set<const Source*> open_;
  int told_ = 0;
  std::atomic<int> turns_ = 0;
};

class StreamsTest : public testing::Test {
 protected:
  void SetUp() override { Start(8); }

  void Start(int max_calls) {
    const Door door{.authenticate = [this](std::string_view) -> absl::StatusOr<app::Actor> {
                      if (revoked_) {
                        return base::Failure(absl::StatusCode::kUnauthenticated, base::Reason::kUnauthenticated,
                                             "revoked");
                      }
                      return app::Actor{.id = "1", .name = "v", .role = app::Role::kViewer};
                    },
                    .clock = &clock_,
                    .metrics = &metrics_,
                    .max_calls = max_calls};
    server_.reset();
    api_ = *Api::Create(door, [](std::string_view) { return true; }, {Thing::descriptor()->file()->service(0)});
    api_->On("TrialService/GetThing",
             [](Context&, const GetThingRequest&) -> absl::StatusOr<Thing> { return Thing(); });
    api_->On("TrialService/Greet", [this](Context&, const GetThingRequest&) -> absl::StatusOr<Thing> {
      ++greetings_;
      go_on_.WaitForNotification();
      return Thing();
    });
    api_->On("TrialService/WatchThing",
             [this](Context&, const GetThingRequest& request, const Wake& wake) -> absl::StatusOr<Next<Thing>> {
               if (request.filter() == "eager") {
                 // Waked while it runs.
                 return Next<Thing>([wake, turns = 0](Thing* thing) mutable -> absl::StatusOr<Turn> {
                   thing->set_name("late");
                   if (++turns == 3) return Turn::kMessage;
                   if (turns > 3) return Turn::kEnd;
                   wake();
                   return Turn::kLater;
                 });
               }
               if (request.filter() == "endless") {
                 return Next<Thing>([this](Thing* thing) -> absl::StatusOr<Turn> {
                   ++endless_;
                   thing->set_name(std::string(64 * 1024, 'x'));
                   return Turn::kMessage;
                 });
               }
               return sources_.Open(wake);
             });
    server_ = *Server::Start({.listen = {"127.0.0.1", 0}}, *api_);
    channel_ = grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()), grpc::InsecureChannelCredentials());
    stub_ = trial::TrialService::NewStub(channel_);
  }

  // One that a test reads by hand.
  struct Stream {
    grpc::ClientContext context;
    std::unique_ptr<grpc::ClientReader<Thing>> reader;
    std::string Read() {
      Thing thing;
      return reader->Read(&thing) ? thing.name() : "the end";
    }
  };
  std::unique_ptr<Stream> Open(const std::string& filter = "") {
    auto stream = std::make_unique<Stream>();
    stream->context.AddMetadata("authorization", "Bearer any");
    stream->context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(60));
    GetThingRequest request;
    request.set_id(kId);
    request.set_filter(filter);
    stream->reader = stub_->WatchThing(&stream->context, request);
    return stream;
  }
  grpc::Status Get() {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer any");
    GetThingRequest request;
    request.set_id(kId);
    Thing thing;
    return stub_->GetThing(&context, request, &thing);
  }

  struct Greeting {
    grpc::ClientContext context;
    GetThingRequest request;
    Thing answer;
    grpc::Status status;
    absl::Notification done;
  };
  std::unique_ptr<Greeting> Greet() {
    auto greeting = std::make_unique<Greeting>();
    greeting->request.set_id(kId);
    stub_->async()->Greet(&greeting->context, &greeting->request, &greeting->answer,
                          [one = greeting.get()](grpc::Status status) {
                            one->status = std::move(status);
                            one->done.Notify();
                          });
    return greeting;
  }

  base::SystemClock clock_;
  base::Metrics metrics_;
  std::atomic<bool> revoked_ = false;
  std::atomic<int> greetings_ = 0;
  std::atomic<int> endless_ = 0;
  absl::Notification go_on_;
  Sources sources_;
  std::unique_ptr<Api> api_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<trial::TrialService::Stub> stub_;
};

TEST_F(StreamsTest, StreamsThatWaitHoldNoThread) {
  constexpr int kStreams = 200;
  std::vector<std::unique_ptr<Stream>> streams;
  for (int i = 0; i < kStreams; ++i) streams.push_back(Open());
  for (const auto& stream : streams) ASSERT_EQ(stream->Read(), "1");
  sources_.AwaitCount(kStreams);
  EXPECT_LT(CountThreads(), 100);
  EXPECT_TRUE(Get().ok());
  sources_.Tell();
  for (const auto& stream : streams) ASSERT_EQ(stream->Read(), "2");
  EXPECT_TRUE(Get().ok());
  sources_.Tell();
  for (const auto& stream : streams) {
    ASSERT_EQ(stream->Read(), "3");
    ASSERT_EQ(stream->Read(), "the end");
    ASSERT_TRUE(stream->reader->Finish().ok());
  }
  sources_.AwaitCount(0);
}

TEST_F(StreamsTest, AWakeWhileItRunsIsNotLost) {
  const auto stream = Open("eager");
  EXPECT_EQ(stream->Read(), "late");
  EXPECT_EQ(stream->Read(), "the end");
  EXPECT_TRUE(stream->reader->Finish().ok());
}

TEST_F(StreamsTest, ACancelledStreamLeavesNothingBehind) {
  const auto stream = Open();
  ASSERT_EQ(stream->Read(), "1");
  sources_.AwaitCount(1);
  stream->context.TryCancel();
  sources_.AwaitCount(0);
}

TEST_F(StreamsTest, AStreamIsMadeOnlyAsFastAsItIsTaken) {
  const auto stream = Open("endless");
  ASSERT_EQ(stream->Read().size(), 64u * 1024);
  // What lies on the way is bounded by the windows of HTTP/2.
  int seen = -1;
  while (seen != endless_) {
    seen = endless_;
    absl::SleepFor(absl::Milliseconds(300));
  }
  EXPECT_LT(endless_, 1000);
  EXPECT_TRUE(Get().ok());
  stream->context.TryCancel();
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(StreamsTest, NothingIsSentWithAKeyThatWasRevoked) {
  const auto stream = Open();
  ASSERT_EQ(stream->Read(), "1");
  revoked_ = true;
  sources_.Tell();
  EXPECT_EQ(stream->Read(), "the end");
  EXPECT_EQ(stream->reader->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  sources_.AwaitCount(0);
}

TEST_F(StreamsTest, StoppingEndsStreamsThatWait) {
  const auto stream = Open();
  ASSERT_EQ(stream->Read(), "1");
  server_->Stop(absl::Milliseconds(50));
  EXPECT_EQ(stream->Read(), "the end");
  EXPECT_FALSE(stream->reader->Finish().ok());
  sources_.AwaitCount(0);
}

TEST_F(StreamsTest, PublicCallsWaitForTheirTurnAndLeaveThreadsToOthers) {
  std::vector<std::unique_ptr<Greeting>> greetings;
  for (int i = 0; i < 100; ++i) greetings.push_back(Greet());
  while (greetings_ < 2) std::this_thread::yield();
  // The answers come after what was sent before them on the connection was read.
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Get().ok());
  EXPECT_EQ(greetings_, 2) << "a quarter of the threads";
  go_on_.Notify();
  for (const auto& greeting : greetings) {
    ASSERT_TRUE(greeting->done.WaitForNotificationWithTimeout(kPatience));
    ASSERT_TRUE(greeting->status.ok()) << greeting->status.error_message();
  }
}

TEST_F(StreamsTest, ACallThatWasCancelledBeforeItsTurnIsNotBegun) {
  Start(4);
  const auto first = Greet();
  while (greetings_ < 1) std::this_thread::yield();
  const auto cancelled = Greet();
  const auto last = Greet();
  EXPECT_TRUE(Get().ok());
  cancelled->context.TryCancel();
  ASSERT_TRUE(cancelled->done.WaitForNotificationWithTimeout(kPatience));
  EXPECT_EQ(cancelled->status.error_code(), grpc::StatusCode::CANCELLED);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Get().ok());
  go_on_.Notify();
  for (const auto* greeting : {first.get(), last.get()}) {
    ASSERT_TRUE(greeting->done.WaitForNotificationWithTimeout(kPatience));
    EXPECT_TRUE(greeting->status.ok());
  }
  EXPECT_EQ(greetings_, 2);
}

}  // namespace
}  // namespace invoice::rpc
