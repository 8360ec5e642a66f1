#include "redis/redis_signals.h"

#include <csignal>

#include "Poco/Exception.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/Process.h"
#include "Poco/Redis/Client.h"
#include "Poco/Redis/Type.h"
#include "Poco/TemporaryFile.h"
#include "Poco/Thread.h"
#include "gmock/gmock.h"

namespace invoice::redis {
namespace {

using Poco::Net::SocketAddress;
using Poco::Redis::Array;

// A redis-server of the test's own, on a socket in a folder of its own.
class PrivateRedis {
 public:
  PrivateRedis() { folder_.createDirectories(); }
  ~PrivateRedis() { Stop(); }

  std::string path() const { return folder_.path() + "/redis.sock"; }
  std::string url() const { return "redis+unix://" + path(); }

  void Start(const std::string& password = "") {
    Poco::Process::Args arguments = {"--port", "0",     "--unixsocket", path(),      "--save",
                                     "",       "--dir", folder_.path(), "--logfile", folder_.path() + "/redis.log"};
    if (!password.empty()) arguments.insert(arguments.end(), {"--requirepass", password});
    process_ = std::make_unique<Poco::ProcessHandle>(Poco::Process::launch("redis-server", arguments));
    WaitUntilItListens();
  }
  void Stop() {
    if (process_ == nullptr) return;
    Poco::Process::requestTermination(process_->id());
    process_->wait();
    process_.reset();
  }
  int pid() const { return process_->id(); }

 private:
  void WaitUntilItListens() {
    for (int i = 0; i < 1000; ++i) {
      try {
        Poco::Redis::Client client(SocketAddress(SocketAddress::UNIX_LOCAL, path()));
        return;
      } catch (const Poco::Exception&) {
        Poco::Thread::sleep(10);
      }
    }
    FAIL() << "redis-server does not start";
  }

  Poco::TemporaryFile folder_;
  std::unique_ptr<Poco::ProcessHandle> process_;
};

// Asks again while the client leaves a server alone after a failure.
bool PingsAgain(Signals& signals) {
  for (int i = 0; i < 200; ++i) {
    if (signals.Ping()) return true;
    Poco::Thread::sleep(50);
  }
  return false;
}

absl::Duration TimeOf(const std::function<void()>& call) {
  const auto started = std::chrono::steady_clock::now();
  call();
  return absl::FromChrono(std::chrono::steady_clock::now() - started);
}

TEST(RedisSignals, PingsAndPublishesThroughASocket) {
  PrivateRedis redis;
  redis.Start();
  const auto signals = MakeSignals(redis.url()).value();
  EXPECT_TRUE(signals->Ping());

  Poco::Redis::Client listener(SocketAddress(SocketAddress::UNIX_LOCAL, redis.path()));
  Array subscribe;
  subscribe.add(std::string("SUBSCRIBE")).add(std::string("jobs"));
  listener.sendCommand(subscribe);
  signals->Publish("jobs", "email");
  Array message;
  listener.readReply(message);
  EXPECT_EQ(message.get<Poco::Redis::BulkString>(1).value(), "jobs");
  EXPECT_EQ(message.get<Poco::Redis::BulkString>(2).value(), "email");
}

TEST(RedisSignals, ComesBackWhenTheServerDoes) {
  PrivateRedis redis;
  const auto signals = MakeSignals(redis.url()).value();
  EXPECT_FALSE(signals->Ping());
  signals->Publish("jobs", "lost");
  redis.Start();
  EXPECT_TRUE(PingsAgain(*signals));
  redis.Stop();
  EXPECT_FALSE(signals->Ping());
  redis.Start();
  EXPECT_TRUE(PingsAgain(*signals));
}

TEST(RedisSignals, ARestartBetweenTwoCallsIsNotNoticed) {
  PrivateRedis redis;
  redis.Start();
  const auto signals = MakeSignals(redis.url()).value();
  ASSERT_TRUE(signals->Ping());
  redis.Stop();
  redis.Start();
  EXPECT_TRUE(signals->Ping());
}

TEST(RedisSignals, WaitsNoLongerThanItMay) {
  PrivateRedis redis;
  redis.Start();
  const auto signals = MakeSignals(redis.url()).value();
  ASSERT_TRUE(signals->Ping());
  kill(redis.pid(), SIGSTOP);
  EXPECT_LT(TimeOf([&] { EXPECT_FALSE(signals->Ping()); }), absl::Seconds(1));
  // It is left alone for a while, so the next calls cost nothing.
  EXPECT_LT(TimeOf([&] { signals->Publish("jobs", "x"); }), absl::Milliseconds(50));
  kill(redis.pid(), SIGCONT);
  EXPECT_TRUE(PingsAgain(*signals));
}

TEST(RedisSignals, LogsIn) {
  PrivateRedis redis;
  redis.Start("correct-horse");
  RedisAddress address;
  address.socket_path = redis.path();
  EXPECT_FALSE(RedisSignals(address).Ping());
  address.password = base::Secret("wrong-battery");
  EXPECT_FALSE(RedisSignals(address).Ping());
  address.password = base::Secret("correct-horse");
  address.database = 2;
  EXPECT_TRUE(RedisSignals(address).Ping());
}

TEST(RedisSignals, SurvivesAServerThatTalksNonsense) {
  Poco::Net::ServerSocket server(SocketAddress("127.0.0.1", 0));
  Poco::Thread thread;
  thread.startFunc([&server] {
    Poco::Net::StreamSocket client = server.acceptConnection();
    client.sendBytes("HTTP/1.1 400 Bad Request\r\n\r\n", 28);
    char buffer[256];
    client.receiveBytes(buffer, sizeof(buffer));
  });
  const auto signals = MakeSignals("redis://127.0.0.1:" + std::to_string(server.address().port())).value();
  EXPECT_FALSE(signals->Ping());
  thread.join();
}

TEST(NoSignals, IsWhatAnEmptyUrlGives) {
  const auto signals = MakeSignals("").value();
  EXPECT_FALSE(signals->Ping());
  signals->Publish("jobs", "x");
  EXPECT_FALSE(MakeSignals("nonsense").ok());
}

}  // namespace
}  // namespace invoice::redis
