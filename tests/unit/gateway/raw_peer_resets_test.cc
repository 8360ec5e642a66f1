// Calls that the backend resets or refuses, and those of a connection that it closes.
#include <gmock/gmock.h>

#include <deque>

#include "absl/synchronization/notification.h"
#include "raw_peer_fixture.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;

TEST_F(RawPeerTest, AResetEndsTheCall) {
  struct Row {
    uint32_t reset;
    int code;
  };
  for (const Row& row : {Row{0, 13}, Row{1, 13}, Row{2, 13}, Row{kCancelCode, 14}, Row{11, 13}, Row{99, 13}}) {
    EXPECT_EQ(CodeOf([&](RawConnection& connection) {
                connection.Reset(connection.ReadRequest(), row.reset);
                connection.Read();
              }),
              row.code)
        << row.reset;
  }
}

TEST_F(RawPeerTest, ARefusedCallIsTriedAgainElsewhere) {
  std::atomic<int> requests = 0;
  std::atomic<int> refused_by = -1;
  std::atomic<int> answered_by = -1;
  Ending ending;
  Call(
      [&](RawConnection& connection) {
        const uint32_t stream = connection.ReadRequest();
        if (stream == 0) return;
        if (requests++ == 0) {
          refused_by = connection.number();
          connection.Reset(stream, kRefusedStream);
        } else {
          answered_by = connection.number();
          connection.Answer(stream, "answer");
        }
        connection.Read();
      },
      &ending);
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(requests, 2);
  EXPECT_NE(refused_by, answered_by);
}

TEST_F(RawPeerTest, ACallThatIsRefusedAgainAndAgainFails) {
  std::atomic<int> requests = 0;
  EXPECT_EQ(CodeOf([&](RawConnection& connection) {
              while (const uint32_t stream = connection.ReadRequest()) {
                ++requests;
                connection.Reset(stream, kRefusedStream);
              }
            }),
            14);
  EXPECT_EQ(requests, 3);
}

TEST_F(RawPeerTest, ACallWithHeadersIsNotTriedAgain) {
  std::atomic<int> requests = 0;
  EXPECT_EQ(CodeOf([&](RawConnection& connection) {
              const uint32_t stream = connection.ReadRequest();
              if (stream == 0) return;
              ++requests;
              connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false));
              connection.Reset(stream, kRefusedStream);
              connection.Read();
            }),
            14);
  EXPECT_EQ(requests, 1);
}

TEST_F(RawPeerTest, CallsAboveTheLastOfAGoawayAreTriedAgain) {
  std::atomic<int> requests = 0;
  Ending ending;
  Call(
      [&](RawConnection& connection) {
        const uint32_t stream = connection.ReadRequest();
        if (stream == 0) return;
        if (requests++ == 0) return connection.Goaway(0);
        connection.Answer(stream, "answer");
        connection.Read();
      },
      &ending);
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(requests, 2);
}

TEST_F(RawPeerTest, CallsBelowTheLastOfAGoawayEndWhereTheyAre) {
  std::atomic<int> requests = 0;
  absl::Notification gone_away;
  absl::Notification second_answered;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    const uint32_t stream = connection.ReadRequest();
    if (stream == 0) return;
    if (requests++ == 0) {
      connection.Goaway(stream);
      gone_away.Notify();
      second_answered.WaitForNotificationWithTimeout(absl::Seconds(10));
    }
    connection.Answer(stream, std::to_string(connection.number()));
    // The client closes a connection that has no more calls and takes none.
    connection.Read();
  });
  Backend backend(peer.address(), io_);
  Ending first;
  backend.Unary(Options(), "", first.Done());
  ASSERT_TRUE(gone_away.WaitForNotificationWithTimeout(absl::Seconds(10)));
  Ending second;
  backend.Unary(Options(), "", second.Done());
  EXPECT_EQ(second.code(), 0);
  EXPECT_FALSE(first.ended());
  second_answered.Notify();
  EXPECT_EQ(first.code(), 0);
  EXPECT_NE(first.bytes(), second.bytes());
}

TEST_F(RawPeerTest, ACallThatAGoawayKeepsFromBeingSentIsTriedAgain) {
  std::atomic<int> connections = 0;
  absl::Notification first_begun;
  absl::Notification second_begun;
  absl::Notification gone_away;
  RawPeer peer([&](RawConnection& connection) {
    if (connections++ > 0) {
      gone_away.WaitForNotificationWithTimeout(absl::Seconds(10));
      connection.Greet();
      if (const uint32_t stream = connection.ReadRequest()) connection.Answer(stream, "elsewhere");
      connection.Read();
      return;
    }
    connection.Greet({{kWindowSetting, 1U << 30}});
    connection.Send(FrameBytes(kWindowFrame, 0, 0, Number32(1U << 30)));
    const std::optional<RawFrame> head = connection.ReadUntil(kHeadersFrame);
    if (!head) return;
    first_begun.Notify();
    second_begun.WaitForNotificationWithTimeout(absl::Seconds(10));
    connection.Goaway(head->stream);
    gone_away.Notify();
    connection.ReadRequest();
    connection.Answer(head->stream, "here");
    connection.Read();
  });
  Backend backend(peer.address(), io_);
  Ending first;
  // More than the buffers of both sockets hold: what comes behind it is not sent before the peer reads on.
  backend.Unary(Options(), std::string(32 * 1024 * 1024, 'x'), first.Done());
  ASSERT_TRUE(first_begun.WaitForNotificationWithTimeout(absl::Seconds(10)));
  Ending second;
  backend.Unary(Options(), "", second.Done());
  second_begun.Notify();
  EXPECT_EQ(second.code(), 0);
  EXPECT_THAT(second.bytes(), HasSubstr("elsewhere"));
  EXPECT_EQ(first.code(), 0);
}

TEST_F(RawPeerTest, ACallThatMayHaveBeenSeenIsNotTriedAgain) {
  std::atomic<int> requests = 0;
  EXPECT_EQ(CodeOf([&](RawConnection& connection) {
              if (connection.ReadRequest() != 0) ++requests;
            }),
            14);
  EXPECT_EQ(requests, 1);
}

TEST_F(RawPeerTest, NoMoreCallsThanThePeerAllowsAreOpen) {
  std::atomic<int> too_many = 0;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet({{kMaxStreamsSetting, 1}});
    uint32_t answered = 0;
    while (const uint32_t stream = connection.ReadRequest()) {
      // A second call before the answer would have come by now.
      absl::SleepFor(absl::Milliseconds(2));
      if (stream <= answered) ++too_many;
      answered = stream;
      connection.Answer(stream, "answer");
    }
  });
  Backend backend(peer.address(), io_);
  std::deque<Ending> endings(40);
  for (Ending& ending : endings) backend.Unary(Options(), "", ending.Done());
  for (Ending& ending : endings) EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(too_many, 0);
}

TEST_F(RawPeerTest, StreamsLeaveRoomForOtherCalls) {
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet({{kMaxStreamsSetting, 4}});
    while (const uint32_t stream = connection.ReadRequest()) {
      if (connection.fields().at(":path") == "/shelf.Shelf/GetBook") connection.Answer(stream, "answer");
    }
  });
  std::deque<Reading> readings(40);
  Ending ending;
  Backend backend(peer.address(), io_);
  for (Reading& reading : readings) {
    CallOptions options = Options();
    options.rpc = "/shelf.Shelf/ReadAloud";
    backend.Stream(options, "", reading.Events());
  }
  backend.Unary(Options(), "", ending.Done());
  EXPECT_EQ(ending.code(), 0);
}

}  // namespace
}  // namespace invoice::gateway
