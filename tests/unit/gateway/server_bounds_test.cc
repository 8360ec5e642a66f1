// The HTTP server's bounds: time, connections, memory. No client can make another one wait.
#include <gmock/gmock.h>

#include <deque>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/http/server.h"
#include "http_client.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHead[] = "GET /a HTTP/1.1\r\nHost: x\r\n";

// Answers with what it got; "/later" when Release() is called, "/large" with as many bytes as the query says, "/stream"
// with a piece and no end.
class ServerBounds : public ::testing::Test {
 protected:
  void Start(ServerOptions options) {
    options.listen = {"127.0.0.1", 0};
    server_ =
        HttpServer::Start(std::move(options), [this](std::shared_ptr<Exchange> exchange) { Handle(exchange); }).value();
  }
  ~ServerBounds() override {
    Release();
    server_.reset();
  }

  void Handle(const std::shared_ptr<Exchange>& exchange) {
    const HttpRequest& request = exchange->request();
    if (request.path == "/later" || request.path == "/stream") {
      absl::MutexLock lock(&mutex_);
      waiting_.push_back(exchange);
      exchange->OnClientGone([this] { gone_.fetch_add(1); }, request.path == "/stream");
      if (request.path == "/later") return;
      exchange->StartStream({200, {}, {}});
      return exchange->Write("piece", [](bool) {});
    }
    if (request.path == "/large") {
      return exchange->Send({200, {}, std::string(std::stoul(request.query), 'x')});
    }
    const int status = request.fault ? request.fault->status : 200;
    exchange->Send(
        {status,
         {},
         fmt::format("[{} {} {} {}]", request.method, request.path, request.body.size(), request.client_address)});
  }

  void Release() {
    std::vector<std::shared_ptr<Exchange>> waiting;
    {
      absl::MutexLock lock(&mutex_);
      waiting.swap(waiting_);
    }
    for (const auto& exchange : waiting) {
      exchange->Post([exchange] { exchange->Send({200, {}, "[late]"}); });
    }
  }

  bool Eventually(const std::function<bool()>& check) {
    const absl::Time end = absl::Now() + absl::Seconds(10);
    while (!check() && absl::Now() < end) absl::SleepFor(absl::Milliseconds(2));
    return check();
  }
  bool WaitForWaiting(size_t count) {
    return Eventually([&] {
      absl::MutexLock lock(&mutex_);
      return waiting_.size() == count;
    });
  }
  void ExpectServed() {
    const absl::Time start = absl::Now();
    BareConnection next(server_->port());
    next.Send(std::string(kHead) + "\r\n");
    EXPECT_THAT(next.ReadUntil("]"), HasSubstr("[GET /a 0 127.0.0.1]"));
    EXPECT_LT(absl::Now() - start, absl::Seconds(2));
  }

  absl::Mutex mutex_;
  std::vector<std::shared_ptr<Exchange>> waiting_ ABSL_GUARDED_BY(mutex_);
  std::atomic<int> gone_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(ServerBounds, AnswersPipelinedRequestsInTheirOrder) {
  Start({});
  BareConnection connection(server_->port());
  std::string requests = "GET /later HTTP/1.1\r\nHost: x\r\n\r\n";
  for (int i = 0; i < 200; ++i)
    requests += fmt::format("POST /{} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nab", i);
  connection.Send(requests);
  ASSERT_TRUE(WaitForWaiting(1));
  Release();
  const std::string answers = connection.ReadUntil("[POST /199 ");
  size_t at = answers.find("[late]");
  for (int i = 0; i < 200; ++i) {
    const size_t next = answers.find(fmt::format("[POST /{} 2 ", i));
    ASSERT_NE(next, std::string::npos) << i;
    EXPECT_GT(next, at);
    at = next;
  }
}

TEST_F(ServerBounds, AHeadThatTricklesIsCutOff) {
  Start({.head_wait = absl::Milliseconds(300)});
  BareConnection slow(server_->port());
  const absl::Time start = absl::Now();
  slow.Send(kHead);
  EXPECT_EQ(slow.ReadAll(), "");
  EXPECT_TRUE(slow.ended());
  EXPECT_LT(absl::Now() - start, absl::Seconds(3));
}

TEST_F(ServerBounds, ABodyThatTricklesIsCutOff) {
  Start({.body_wait = absl::Milliseconds(300)});
  BareConnection slow(server_->port());
  slow.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{");
  EXPECT_EQ(slow.ReadAll(), "");
  EXPECT_TRUE(slow.ended());
}

TEST_F(ServerBounds, AClientThatDoesNotReadIsCutOff) {
  Start({.write_wait = absl::Milliseconds(300)});
  BareConnection slow(server_->port());
  slow.Send("GET /large?30000000 HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(Eventually([&] { return server_->buffered_bytes() > 20'000'000; }));
  EXPECT_TRUE(Eventually([&] { return server_->open_connections() == 0; }));
  EXPECT_EQ(server_->buffered_bytes(), 0u);
}

TEST_F(ServerBounds, LargeAnswersArriveWhole) {
  Start({});
  HttpClient client(server_->port());
  EXPECT_EQ(client.Get("/large?30000000").body.size(), 30'000'000u);
  EXPECT_TRUE(Eventually([&] { return server_->buffered_bytes() < 100'000; }));
}

TEST_F(ServerBounds, AnAddressWithTooManyLosesItsSlowest) {
  Start({.max_connections_of_address = 3});
  std::deque<BareConnection> open;
  for (int i = 0; i < 3; ++i) {
    // One behind the other: they may be on different threads.
    const size_t before = server_->buffered_bytes();
    open.emplace_back(server_->port()).Send(kHead);
    EXPECT_TRUE(Eventually([&] { return server_->buffered_bytes() > before; }));
  }
  EXPECT_EQ(server_->open_connections(), 3);
  ExpectServed();
  open.front().ReadAll();
  EXPECT_TRUE(open.front().ended());
  open.back().Send("\r\n");
  EXPECT_THAT(open.back().ReadUntil("]"), HasSubstr("[GET /a 0 "));
}

TEST_F(ServerBounds, ProxiesAreExemptAndNameTheClient) {
  Start({.proxies = TrustedProxies::Create({"127.0.0.0/8"}).value(), .max_connections_of_address = 1});
  BareConnection first(server_->port());
  BareConnection second(server_->port());
  first.Send(std::string(kHead) + "X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n\r\n");
  second.Send(std::string(kHead) + "X-Forwarded-For: 203.0.113.10\r\n\r\n");
  EXPECT_THAT(first.ReadUntil("]"), HasSubstr("[GET /a 0 203.0.113.9]"));
  EXPECT_THAT(second.ReadUntil("]"), HasSubstr("[GET /a 0 203.0.113.10]"));
}

TEST_F(ServerBounds, WhereConnectionsRunOutTheSlowestGoes) {
  Start({.proxies = TrustedProxies::Create({"127.0.0.1"}).value(), .max_connections = 20});
  std::deque<BareConnection> open;
  for (int i = 0; i < 200; ++i) open.emplace_back(server_->port()).Send(kHead);
  for (int i = 0; i < 5; ++i) ExpectServed();
  EXPECT_LE(server_->open_connections(), 20);
}

TEST_F(ServerBounds, AnnouncedBodiesTakeNoMemory) {
  Start({});
  std::deque<BareConnection> open;
  for (int i = 0; i < 100; ++i) {
    open.emplace_back(server_->port())
        .Send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n{{", base::kMaxRequestBytes));
  }
  EXPECT_TRUE(Eventually([&] { return server_->open_connections() == 100; }));
  ExpectServed();
  EXPECT_LT(server_->buffered_bytes(), 100u * 4096);
}

TEST_F(ServerBounds, MemoryIsBoundedForAllBodiesTogether) {
  Start({.max_buffered_bytes = 4 << 20});
  std::deque<BareConnection> open;
  const std::string half(1 << 20, 'x');
  for (int i = 0; i < 20; ++i) {
    open.emplace_back(server_->port())
        .Send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 2 << 20));
    open.back().Send(half);
  }
  // A new one gets its room from those that send no more.
  EXPECT_TRUE(Eventually([&] {
    BareConnection next(server_->port());
    next.Send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", half.size()) + half);
    return next.ReadUntil("]").find("[POST /a 1048576 ") != std::string::npos;
  }));
  EXPECT_LE(server_->buffered_bytes(), 5u << 20);
  EXPECT_LT(server_->open_connections(), 20);
}

TEST_F(ServerBounds, ABodyThatHasNoRoomIsToldSo) {
  Start({.max_buffered_bytes = 1 << 20});
  BareConnection only(server_->port());
  only.Send(fmt::format("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 3 << 20));
  only.Send(std::string(3 << 20, 'x'));
  EXPECT_THAT(only.ReadAll(), StartsWith("HTTP/1.1 503 "));
}

TEST_F(ServerBounds, AClientThatLeavesIsTold) {
  Start({});
  for (const char* path : {"/later", "/stream"}) {
    const int before = gone_;
    BareConnection connection(server_->port());
    connection.Send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path));
    ASSERT_TRUE(WaitForWaiting(1));
    connection.Close();
    EXPECT_TRUE(Eventually([&] { return gone_ == before + 1; })) << path;
    Release();
  }
}

TEST_F(ServerBounds, AClientThatHalfClosesGetsItsAnswer) {
  Start({});
  BareConnection connection(server_->port());
  connection.Send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  connection.HalfClose();
  ASSERT_TRUE(WaitForWaiting(1));
  Release();
  EXPECT_THAT(connection.ReadAll(), HasSubstr("[late]"));
}

TEST_F(ServerBounds, AnUnansweredExchangeEndsItsConnection) {
  Start({});
  for (const char* path : {"/later", "/stream"}) {
    BareConnection connection(server_->port());
    connection.Send(fmt::format("GET {} HTTP/1.1\r\nHost: x\r\n\r\n", path));
    ASSERT_TRUE(WaitForWaiting(1));
    {
      absl::MutexLock lock(&mutex_);
      waiting_.clear();
    }
    EXPECT_EQ(connection.ReadAll().find("0\r\n\r\n"), std::string::npos) << "it must not look whole";
    EXPECT_TRUE(connection.ended());
  }
}

TEST_F(ServerBounds, StoppingTellsEndlessAnswers) {
  Start({});
  BareConnection stream(server_->port());
  stream.Send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  ASSERT_TRUE(WaitForWaiting(1));
  EXPECT_THAT(stream.ReadUntil("piece"), HasSubstr("5\r\npiece"));
  std::thread stopping([&] { server_->Stop(absl::Seconds(5)); });
  EXPECT_TRUE(Eventually([&] { return gone_ == 1; }));
  {
    absl::MutexLock lock(&mutex_);
    waiting_.clear();
  }
  stopping.join();
  EXPECT_EQ(server_->open_connections(), 0);
}

}  // namespace
}  // namespace invoice::gateway
