#include "rpc/listener.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/log.h"

namespace invoice::rpc {
namespace {

using ::testing::HasSubstr;

class ListenerTest : public testing::Test {
 protected:
  ~ListenerTest() override {
    listener_.reset();
    for (const int fd : clients_) close(fd);
    for (const int fd : received_) close(fd);
  }

  void Bind(const std::string& host = "127.0.0.1") { listener_ = Listener::Bind({host, 0}).value(); }
  void Start(int most) {
    listener_->Start(OpenConnections(most, base::TrustedProxies::Create({"127.0.0.1"}).value()), [this](int fd) {
      const absl::MutexLock lock(&mutex_);
      received_.push_back(fd);
    });
  }
  // False where nobody listens.
  bool Connect(int family = AF_INET) {
    const int fd = socket(family, SOCK_STREAM, 0);
    clients_.push_back(fd);
    if (family == AF_INET6) {
      sockaddr_in6 address{};
      address.sin6_family = AF_INET6;
      address.sin6_port = htons(Port());
      address.sin6_addr = in6addr_loopback;
      return connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(Port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  uint16_t Port() const { return static_cast<uint16_t>(listener_->port()); }
  size_t AwaitReceived(size_t count) {
    const absl::MutexLock lock(&mutex_);
    const auto reached = [this, count] { return received_.size() >= count; };
    mutex_.AwaitWithTimeout(absl::Condition(&reached), absl::Seconds(20));
    return received_.size();
  }

  std::vector<int> clients_;
  absl::Mutex mutex_;
  std::vector<int> received_;
  std::unique_ptr<Listener> listener_;
};

TEST_F(ListenerTest, HandsOnWhatThereIsRoomForAndClosesTheRest) {
  Bind();
  Start(4);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Connect());
  EXPECT_EQ(AwaitReceived(4), 4u);
  int closed = 0;
  for (size_t i = 4; i < clients_.size(); ++i) {
    char byte = 0;
    if (recv(clients_[i], &byte, 1, 0) <= 0) ++closed;
  }
  EXPECT_EQ(closed, 6);
  EXPECT_EQ(AwaitReceived(4), 4u);
}

TEST_F(ListenerTest, AcceptsAgainAfterDescriptorsRanOut) {
  Bind();
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(Connect());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  absl::Notification refused;
  {
    const base::ScopedLogSink sink([&](std::string_view line) {
      if (line.find("connections refused") != std::string_view::npos && !refused.HasBeenNotified()) refused.Notify();
    });
    const rlimit none{.rlim_cur = STDERR_FILENO + 1, .rlim_max = before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    Start(100);
    EXPECT_TRUE(refused.WaitForNotificationWithTimeout(absl::Seconds(20)));
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
    EXPECT_EQ(AwaitReceived(5), 5u);
  }
}

TEST_F(ListenerTest, APortHasOneListener) {
  Bind();
  const auto second = Listener::Bind({"127.0.0.1", listener_->port()});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr("in use"));
}

TEST_F(ListenerTest, AnAddressOfAnotherMachineIsRefused) {
  EXPECT_EQ(Listener::Bind({"192.0.2.1", 0}).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(ListenerTest, AllAddressesAreThoseOfBothFamilies) {
  Bind("0.0.0.0");
  Start(10);
  EXPECT_TRUE(Connect());
  EXPECT_EQ(AwaitReceived(1), 1u);
  const int probe = socket(AF_INET6, SOCK_STREAM, 0);
  if (probe < 0) GTEST_SKIP() << "a machine without IPv6";
  close(probe);
  EXPECT_TRUE(Connect(AF_INET6));
  EXPECT_EQ(AwaitReceived(2), 2u);
}

TEST_F(ListenerTest, NothingIsHandedOnAfterItStopped) {
  Bind();
  Start(10);
  ASSERT_TRUE(Connect());
  EXPECT_EQ(AwaitReceived(1), 1u);
  listener_->Stop();
  EXPECT_FALSE(Connect());
}

}  // namespace
}  // namespace invoice::rpc
