#include "gateway/http/connection_table.h"

#include <gmock/gmock.h>

#include <deque>

#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

class FakeSeat final : public Seat {
 public:
  FakeSeat(const std::string& address, Phase now, int64_t begun, bool exempt = false) : Seat(address, exempt) {
    phase = now;
    since = begun;
  }
  void Evict() override { evicted = true; }
  void Late() override { late = true; }
  void BeginStop() override {}
  void EndNow() override {}

  bool evicted = false;
  bool late = false;
};

ConnectionTable::Limits Limits(size_t connections, size_t of_address) { return {connections, of_address, 1'000'000}; }

TEST(ConnectionTable, AnAddressLosesItsOwnSlowest) {
  ConnectionTable table(Limits(100, 2));
  FakeSeat other("192.0.2.1", Phase::kReading, 1);
  FakeSeat slow("192.0.2.2", Phase::kReading, 2);
  FakeSeat fast("192.0.2.2", Phase::kReading, 3);
  FakeSeat next("192.0.2.2", Phase::kIdle, 4);
  for (FakeSeat* seat : {&other, &slow, &fast, &next}) EXPECT_TRUE(table.Enter(seat));
  EXPECT_TRUE(slow.evicted);
  EXPECT_FALSE(other.evicted || fast.evicted || next.evicted);
  EXPECT_EQ(table.open(), 3);
  table.Leave(&slow);
  EXPECT_EQ(table.open(), 3) << "it left already";
}

TEST(ConnectionTable, TrustedProxiesHaveNoBoundOfTheirAddress) {
  ConnectionTable table(Limits(100, 1));
  FakeSeat first("192.0.2.1", Phase::kReading, 1, true);
  FakeSeat second("192.0.2.1", Phase::kReading, 2, true);
  EXPECT_TRUE(table.Enter(&first) && table.Enter(&second));
  EXPECT_FALSE(first.evicted || second.evicted);
}

TEST(ConnectionTable, StreamsGoLastAndRunningRequestsNever) {
  ConnectionTable table(Limits(100, 3));
  FakeSeat handling("192.0.2.1", Phase::kHandling, 1);
  FakeSeat streaming("192.0.2.1", Phase::kStreaming, 2);
  FakeSeat writing("192.0.2.1", Phase::kWriting, 3);
  FakeSeat fourth("192.0.2.1", Phase::kHandling, 4);
  FakeSeat fifth("192.0.2.1", Phase::kHandling, 5);
  FakeSeat sixth("192.0.2.1", Phase::kHandling, 6);
  for (FakeSeat* seat : {&handling, &streaming, &writing, &fourth}) EXPECT_TRUE(table.Enter(seat));
  EXPECT_TRUE(writing.evicted);
  EXPECT_FALSE(streaming.evicted);
  EXPECT_TRUE(table.Enter(&fifth));
  EXPECT_TRUE(streaming.evicted);
  EXPECT_FALSE(table.Enter(&sixth)) << "all of them are being answered";
  EXPECT_FALSE(handling.evicted || fourth.evicted || fifth.evicted);
}

TEST(ConnectionTable, TheProcessLosesItsSlowest) {
  ConnectionTable table(Limits(2, 100));
  FakeSeat slow("192.0.2.1", Phase::kReading, 1);
  FakeSeat handling("192.0.2.2", Phase::kHandling, 0);
  FakeSeat next("192.0.2.3", Phase::kIdle, 3);
  for (FakeSeat* seat : {&slow, &handling, &next}) EXPECT_TRUE(table.Enter(seat));
  EXPECT_TRUE(slow.evicted);
  EXPECT_FALSE(handling.evicted || next.evicted);
}

TEST(ConnectionTable, MemoryIsTakenFromSlowerConnections) {
  ConnectionTable table(Limits(100, 100));
  FakeSeat slow("192.0.2.1", Phase::kReading, 1);
  FakeSeat middle("192.0.2.2", Phase::kReading, 2);
  FakeSeat fast("192.0.2.3", Phase::kReading, 3);
  for (FakeSeat* seat : {&slow, &middle, &fast}) EXPECT_TRUE(table.Enter(seat));
  EXPECT_TRUE(table.Hold(&slow, 500'000));
  EXPECT_TRUE(table.Hold(&middle, 400'000));
  EXPECT_EQ(table.held(), 900'000u);
  EXPECT_TRUE(table.Hold(&fast, 200'000));
  EXPECT_TRUE(slow.evicted);
  EXPECT_EQ(table.held(), 600'000u);
  EXPECT_FALSE(table.Hold(&middle, 900'000)) << "itself the slowest";
  EXPECT_FALSE(middle.evicted || fast.evicted);
  EXPECT_TRUE(table.Hold(&middle, 0));
  table.Leave(&fast);
  EXPECT_EQ(table.held(), 0u);
}

TEST(ConnectionTable, ManySmallHoldersGoTooAndSmallRequestsAreServed) {
  ConnectionTable table(Limits(1000, 1000));
  std::deque<FakeSeat> heads;
  for (int i = 0; i < 100; ++i) {
    heads.emplace_back("192.0.2.1", Phase::kReading, i);
    table.Enter(&heads.back());
    EXPECT_TRUE(table.Hold(&heads.back(), 10'000));
  }
  FakeSeat next("192.0.2.2", Phase::kReading, 1000);
  table.Enter(&next);
  EXPECT_TRUE(table.Hold(&next, 20'000));
  EXPECT_TRUE(heads[0].evicted && heads[1].evicted && heads[2].evicted && heads[3].evicted);
  EXPECT_FALSE(heads[4].evicted);
  for (FakeSeat& head : heads) head.phase = Phase::kHandling;
  EXPECT_FALSE(table.Hold(&next, 60'000)) << "nothing can be evicted";
  FakeSeat small("192.0.2.3", Phase::kReading, 2000);
  table.Enter(&small);
  EXPECT_TRUE(table.Hold(&small, kAlwaysHeldBytes));
}

TEST(ConnectionTable, AnEvictedConnectionHoldsNothingInTheEnd) {
  ConnectionTable table(Limits(1, 100));
  FakeSeat first("192.0.2.1", Phase::kReading, 1);
  FakeSeat second("192.0.2.2", Phase::kReading, 2);
  table.Enter(&first);
  table.Enter(&second);
  ASSERT_TRUE(first.evicted);
  table.Hold(&first, 1000);  // it does not know yet
  table.Leave(&first);
  EXPECT_EQ(table.held(), 0u);
}

TEST(ConnectionTable, TellsWhoIsLate) {
  ConnectionTable table(Limits(100, 100));
  FakeSeat late("192.0.2.1", Phase::kReading, 1);
  FakeSeat timely("192.0.2.1", Phase::kReading, 1);
  late.deadline = 10;
  timely.deadline = 11;
  table.Enter(&late);
  table.Enter(&timely);
  table.CallLate(10);
  EXPECT_TRUE(late.late);
  EXPECT_FALSE(timely.late);
}

}  // namespace
}  // namespace invoice::gateway
