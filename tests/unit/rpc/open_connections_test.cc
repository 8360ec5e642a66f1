#include "rpc/open_connections.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "absl/time/clock.h"

namespace invoice::rpc {
namespace {

constexpr char kGateway[] = "127.0.0.1";

class OpenConnectionsTest : public testing::Test {
 protected:
  ~OpenConnectionsTest() override {
    for (const int fd : open_) close(fd);
  }

  int NewSocket() {
    open_.push_back(socket(AF_INET, SOCK_STREAM, 0));
    return open_.back();
  }
  // How many of `count` from the address there is room for.
  int Add(const std::string& address, int count) {
    int added = 0;
    for (int i = 0; i < count; ++i) added += connections_.Add(NewSocket(), address) ? 1 : 0;
    return added;
  }
  void CloseAll() {
    for (const int fd : open_) close(fd);
    open_.clear();
  }
  // Closed ones are noticed within a short time.
  bool GetsRoom(int fd, const std::string& address) {
    const absl::Time latest = absl::Now() + absl::Seconds(20);
    while (!connections_.Add(fd, address)) {
      if (absl::Now() > latest) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::vector<int> open_;
  OpenConnections connections_{16, base::TrustedProxies::Create({kGateway}).value()};
};

TEST_F(OpenConnectionsTest, AnAddressHasAQuarterAndAllStrangersThreeQuarters) {
  EXPECT_EQ(Add("192.0.2.1", 10), 4);
  EXPECT_EQ(Add("192.0.2.2", 10), 4);
  EXPECT_EQ(Add("192.0.2.3", 10), 4);
  EXPECT_EQ(Add("192.0.2.4", 10), 0);
  EXPECT_EQ(Add(kGateway, 10), 4) << "the rest is kept for it";
  EXPECT_EQ(connections_.count(), 16);
}

TEST_F(OpenConnectionsTest, AProxyHasNoBoundOfItsOwn) {
  EXPECT_EQ(Add(kGateway, 30), 16);
  EXPECT_EQ(Add("192.0.2.1", 1), 0);
}

TEST_F(OpenConnectionsTest, ClosedConnectionsMakeRoom) {
  EXPECT_EQ(Add(kGateway, 8), 8);
  EXPECT_EQ(Add("192.0.2.1", 8), 4);
  EXPECT_EQ(Add("192.0.2.2", 8), 4);
  CloseAll();
  const int fd = NewSocket();
  EXPECT_TRUE(GetsRoom(fd, "192.0.2.1"));
}

TEST_F(OpenConnectionsTest, ADescriptorThatIsUsedAgainIsAnotherConnection) {
  EXPECT_EQ(Add("192.0.2.1", 4), 4);
  const int fd = open_.back();
  close(fd);
  EXPECT_EQ(socket(AF_INET, SOCK_STREAM, 0), fd);
  EXPECT_TRUE(connections_.Add(fd, "192.0.2.1"));
  EXPECT_EQ(connections_.count(), 4);
}

TEST_F(OpenConnectionsTest, ADescriptorThatIsNoSocketAnyMoreIsClosed) {
  EXPECT_EQ(Add("192.0.2.1", 4), 4);
  const int fd = open_.back();
  ASSERT_EQ(dup2(STDERR_FILENO, fd), fd);
  EXPECT_TRUE(GetsRoom(NewSocket(), "192.0.2.1"));
}

}  // namespace
}  // namespace invoice::rpc
