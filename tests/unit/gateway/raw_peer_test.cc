// Calls of a backend that breaks the rules of HTTP/2 and gRPC, or is slow.
#include <gmock/gmock.h>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/limits.h"
#include "raw_peer_fixture.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// --- Answers ---

TEST_F(RawPeerTest, ARequestIsAsGrpcWantsIt) {
  std::map<std::string, std::string> fields;
  std::string body;
  Ending ending;
  Call(
      [&](RawConnection& connection) {
        const uint32_t stream = connection.ReadRequest();
        if (stream == 0) return;
        fields = connection.fields();
        body = connection.body();
        connection.Answer(stream, "answer");
        connection.Read();
      },
      &ending);
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(ending.bytes(), "answer");
  EXPECT_EQ(body, Prefixed("request"));
  const std::string authority = fields[":authority"];
  EXPECT_THAT(authority, ::testing::StartsWith("127.0.0.1:"));
  EXPECT_THAT(fields,
              UnorderedElementsAre(Pair(":method", "POST"), Pair(":scheme", "http"), Pair(":authority", authority),
                                   Pair(":path", "/shelf.Shelf/GetBook"), Pair("te", "trailers"),
                                   Pair("content-type", "application/grpc"), Pair("user-agent", "invoice-gateway"),
                                   Pair("grpc-timeout", HasSubstr("m")), Pair("x-request-id", "r-1")));
}

TEST_F(RawPeerTest, AnAnswerMayComeByteForByte) {
  Ending ending;
  Call(
      [](RawConnection& connection) {
        const uint32_t stream = connection.ReadRequest();
        const std::string message = Prefixed("answer");
        connection.SendSlowly(
            HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}, {"x-first", "1"}}, false) +
            FrameBytes(kDataFrame, 0, stream, message.substr(0, 3)) +
            FrameBytes(kDataFrame, 0, stream, message.substr(3, 5)) + FrameBytes(kDataFrame, 0, stream, "") +
            FrameBytes(kDataFrame, 0, stream, message.substr(8)) +
            HeadersBytes(stream, {{"grpc-status", "0"}, {"x-last", "2"}}, true));
        connection.Read();
      },
      &ending);
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(ending.bytes(), "answer");
  EXPECT_THAT(ending.end().metadata, UnorderedElementsAre(Pair("x-first", "1"), Pair("x-last", "2")));
}

TEST_F(RawPeerTest, TheStatusBehindTheMessageDecides) {
  for (const int status : {0, 5}) {
    Ending ending;
    Call(
        [&](RawConnection& connection) {
          const uint32_t stream = connection.ReadRequest();
          if (stream == 0) return;
          connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false));
          connection.Settle();
          connection.Send(FrameBytes(kDataFrame, 0, stream, Prefixed("answer")));
          connection.Settle();
          EXPECT_FALSE(ending.ended());
          connection.Send(HeadersBytes(stream, {{"grpc-status", std::to_string(status)}, {"x-last", "2"}}, true));
          connection.Read();
        },
        &ending);
    EXPECT_EQ(ending.code(), status);
    EXPECT_EQ(ending.bytes(), status == 0 ? "answer" : "");
    EXPECT_THAT(ending.end().metadata, UnorderedElementsAre(Pair("x-last", "2")));
  }
}

TEST_F(RawPeerTest, AnErrorMayHaveNoMessageAndOneBlockOfHeaders) {
  Ending ending;
  Call(
      [](RawConnection& connection) {
        connection.Fail(connection.ReadRequest(), 5, {{"grpc-message", "no%20book"}});
        connection.Read();
      },
      &ending);
  EXPECT_EQ(ending.code(), 5);
  EXPECT_EQ(ending.end().status.message(), "no book");
}

TEST_F(RawPeerTest, WhatIsNoAnswerOfGrpcIsAnError) {
  struct Row {
    const char* name;
    FieldList fields;
    int code;
  };
  for (const Row& row : {Row{"a proxy without its backend", {{":status", "503"}}, 14},
                         Row{"a page", {{":status", "200"}, {"content-type", "text/html"}}, 13},
                         Row{"no status", {{":status", "200"}, {"content-type", "application/grpc"}}, 13},
                         Row{"no message", {{":status", "200"}, {"grpc-status", "0"}}, 13},
                         Row{"no method", {{":status", "404"}}, 12}}) {
    EXPECT_EQ(CodeOf([&](RawConnection& connection) {
                connection.Send(HeadersBytes(connection.ReadRequest(), row.fields, true));
                connection.Read();
              }),
              row.code)
        << row.name;
  }
}

TEST_F(RawPeerTest, WhatIsNoMessageIsAnErrorAndTheCallIsReset) {
  const std::string large = Number32(static_cast<uint32_t>(base::kMaxResponseBytes) + 1);
  for (const std::string& bytes : {Prefixed("gzip", 1), std::string(1, '\0') + large}) {
    std::atomic<uint32_t> reset = 0;
    EXPECT_EQ(
        CodeOf([&](RawConnection& connection) {
          const uint32_t stream = connection.ReadRequest();
          connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false) +
                          FrameBytes(kDataFrame, 0, stream, bytes));
          if (const auto frame = connection.ReadUntil(kResetFrame)) reset = frame->stream;
        }),
        13);
    EXPECT_EQ(reset, 1u);
  }
}

TEST_F(RawPeerTest, TwoMessagesOrHalfAMessageAreNoAnswer) {
  for (const std::string& bytes : {Prefixed("one") + Prefixed("two"), Prefixed("one").substr(0, 7)}) {
    EXPECT_EQ(CodeOf([&](RawConnection& connection) {
                const uint32_t stream = connection.ReadRequest();
                connection.Send(
                    HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false) +
                    FrameBytes(kDataFrame, 0, stream, bytes) + HeadersBytes(stream, {{"grpc-status", "0"}}, true));
                connection.Read();
              }),
              13);
  }
}

TEST_F(RawPeerTest, HeadersHaveABound) {
  EXPECT_EQ(CodeOf([](RawConnection& connection) {
              const uint32_t stream = connection.ReadRequest();
              FieldList fields = {{":status", "200"}, {"content-type", "application/grpc"}};
              for (int i = 0; i < 5; ++i) fields.emplace_back("x-" + std::to_string(i), std::string(3000, 'x'));
              for (int i = 0; i < 3; ++i) connection.Send(HeadersBytes(stream, fields, false));
              connection.Read();
            }),
            13);
}

TEST_F(RawPeerTest, ALargeAnswerComesInFull) {
  const std::string answer(3'000'000, 'x');
  Ending ending;
  Call(
      [&](RawConnection& connection) {
        const uint32_t stream = connection.ReadRequest();
        connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false));
        const std::string bytes = Prefixed(answer);
        int64_t window = 64 * 1024;
        for (size_t sent = 0; sent < bytes.size();) {
          const size_t count = std::min({bytes.size() - sent, size_t{16384}, static_cast<size_t>(window)});
          connection.Send(FrameBytes(kDataFrame, 0, stream, std::string_view(bytes).substr(sent, count)));
          sent += count;
          window -= static_cast<int64_t>(count);
          while (window == 0) {
            const auto frame = connection.ReadUntil(kWindowFrame);
            if (!frame) return;
            const auto* size = reinterpret_cast<const unsigned char*>(frame->payload.data());
            if (frame->stream == stream) window += size[0] << 24 | size[1] << 16 | size[2] << 8 | size[3];
          }
        }
        connection.Send(HeadersBytes(stream, {{"grpc-status", "0"}}, true));
        connection.ReadUntil(kGoawayFrame);
      },
      &ending);
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(ending.bytes(), answer);
}

TEST_F(RawPeerTest, ABodyWaitsForThePeersWindow) {
  const std::string request(100'000, 'x');
  std::string body;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet({{kWindowSetting, 0}});
    if (!connection.ReadUntil(kHeadersFrame)) return;
    for (size_t given = 0; given < request.size() + 5; given += 30'000) {
      connection.Send(FrameBytes(kWindowFrame, 0, 0, Number32(30'000)) +
                      FrameBytes(kWindowFrame, 0, 1, Number32(30'000)));
    }
    const uint32_t stream = connection.ReadRequest();
    body = connection.body();
    connection.Answer(stream, "answer");
    connection.Read();
  });
  Backend backend(peer.address(), io_);
  Ending ending;
  backend.Unary(Options(), request, ending.Done());
  EXPECT_EQ(ending.code(), 0);
  EXPECT_EQ(body, Prefixed(request));
}

// --- Silence, and bytes that mean nothing ---

TEST_F(RawPeerTest, APeerThatDoesNotGreetIsGivenUp) {
  RawPeer peer([](RawConnection& connection) {
    while (connection.Read()) continue;
  });
  Backend backend(peer.address(), io_, {.connect_wait = absl::Milliseconds(100)});
  Ending ending;
  const absl::Time start = absl::Now();
  backend.Unary(Options(), "", ending.Done());
  EXPECT_EQ(ending.code(), 14);
  EXPECT_LT(absl::Now() - start, absl::Seconds(5));
}

TEST_F(RawPeerTest, APeerThatFallsSilentIsAskedAndGivenUp) {
  std::atomic<int> pings = 0;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    while (const auto frame = connection.Read()) {
      if (frame->type == kPingFrame) ++pings;
    }
  });
  Backend backend(peer.address(), io_, {.ping_after = absl::Milliseconds(100), .ping_wait = absl::Milliseconds(100)});
  Ending ending;
  backend.Unary(Options(), "", ending.Done());
  EXPECT_EQ(ending.code(), 14);
  EXPECT_EQ(pings, 1);
  EXPECT_THAT(ending.end().log_detail, HasSubstr("no sign of life"));
}

TEST_F(RawPeerTest, APeerThatAnswersPingsIsKept) {
  std::atomic<int> pings = 0;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    uint32_t stream = 0;
    while (const auto frame = connection.Read()) {
      if (frame->type == kHeadersFrame) stream = frame->stream;
      if (frame->type != kPingFrame) continue;
      connection.Send(FrameBytes(kPingFrame, kAck, 0, frame->payload));
      if (++pings == 3) connection.Answer(stream, "answer");
    }
  });
  Backend backend(peer.address(), io_, {.ping_after = absl::Milliseconds(50), .ping_wait = absl::Seconds(5)});
  Ending ending;
  backend.Unary(Options(), "", ending.Done());
  EXPECT_EQ(ending.code(), 0);
}

TEST_F(RawPeerTest, ADeadlineEndsTheCallOnBothSides) {
  std::atomic<uint32_t> code = 0;
  Ending ending;
  Call(
      [&](RawConnection& connection) {
        if (const auto frame = connection.ReadUntil(kResetFrame)) code = static_cast<uint32_t>(frame->payload[3]);
      },
      &ending, absl::Milliseconds(100));
  EXPECT_EQ(ending.code(), 4);
  EXPECT_EQ(code, kCancelCode);
}

TEST_F(RawPeerTest, BytesThatAreNoFramesEndTheConnectionAndTheNextCallGoesOn) {
  const std::string bad[] = {
      FrameBytes(kDataFrame, 0, 0, "x"),                                             // data of no stream
      FrameBytes(kWindowFrame, 0, 0, Number32(0)),                                   // nothing more
      FrameBytes(kSettingsFrame, 0, 0, "12345"),                                     // half a setting
      FrameBytes(kHeadersFrame, kEndHeaders, 1, "\xff\xff\xff\xff\xff\xff"),         // no HPACK
      FrameBytes(kHeadersFrame, kEndHeaders, 7, HeaderBlock({{":status", "200"}})),  // of a stream that nobody opened
      std::string("HTTP/1.1 400 Bad Request\r\n\r\n"),
  };
  for (const std::string& bytes : bad) {
    std::atomic<int> requests = 0;
    RawPeer peer([&](RawConnection& connection) {
      connection.Greet();
      const uint32_t stream = connection.ReadRequest();
      if (stream == 0) return;
      if (requests++ == 0) {
        connection.Send(bytes);
        while (connection.Read()) continue;
        return;
      }
      connection.Answer(stream, "answer");
      connection.Read();
    });
    Backend backend(peer.address(), io_);
    Ending first;
    backend.Unary(Options(), "", first.Done());
    EXPECT_EQ(first.code(), 14) << bytes.substr(0, 12);
    Ending second;
    backend.Unary(Options(), "", second.Done());
    EXPECT_EQ(second.code(), 0);
  }
}

// --- Streams ---

TEST_F(RawPeerTest, AStreamTakesLittleMoreThanWasAskedFor) {
  const std::string message(1000, 'x');
  std::atomic<size_t> sent = 0;
  absl::Notification full;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    const uint32_t stream = connection.ReadRequest();
    if (stream == 0) return;
    connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false));
    const std::string frame = FrameBytes(kDataFrame, 0, stream, Prefixed(message));
    while ((sent + 1) * 1005 <= 64 * 1024) {
      connection.Send(frame);
      ++sent;
    }
    full.Notify();
    const auto window = connection.ReadUntil(kWindowFrame);
    connection.Send(FrameBytes(kDataFrame, 0, stream, Prefixed(window && window->stream == stream ? "more" : "none")) +
                    HeadersBytes(stream, {{"grpc-status", "0"}}, true));
    connection.Read();
  });
  Backend backend(peer.address(), io_);
  Reading reading;
  const auto call = backend.Stream(Options(), "", reading.Events());
  call->Read();
  ASSERT_TRUE(full.WaitForNotificationWithTimeout(absl::Seconds(10)));
  ASSERT_TRUE(reading.WaitFor(1));
  EXPECT_EQ(reading.messages().size(), 1u);
  for (size_t count = 2; count <= sent + 1; ++count) {
    call->Read();
    ASSERT_TRUE(reading.WaitFor(count)) << count;
  }
  EXPECT_EQ(reading.messages().back(), "more");
  EXPECT_FALSE(reading.ended()) << "the end takes the place of a message";
  call->Read();
  EXPECT_EQ(reading.code(), 0);
}

TEST_F(RawPeerTest, AStreamThatBreaksOffGivesItsMessagesAndThenTheError) {
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    const uint32_t stream = connection.ReadRequest();
    if (stream == 0) return;
    connection.Send(
        HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false) +
        FrameBytes(kDataFrame, 0, stream, Prefixed("one") + Prefixed("two") + Prefixed("three").substr(0, 6)));
  });
  Backend backend(peer.address(), io_);
  Reading reading;
  const auto call = backend.Stream(Options(), "", reading.Events());
  for (size_t count = 1; count <= 2; ++count) {
    call->Read();
    ASSERT_TRUE(reading.WaitFor(count));
  }
  call->Read();
  EXPECT_EQ(reading.code(), 14);
  EXPECT_EQ(reading.messages().size(), 2u);
}

TEST_F(RawPeerTest, AStreamThatEndsWellInsideAMessageIsAnError) {
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    const uint32_t stream = connection.ReadRequest();
    if (stream == 0) return;
    connection.Send(HeadersBytes(stream, {{":status", "200"}, {"content-type", "application/grpc"}}, false) +
                    FrameBytes(kDataFrame, 0, stream, Prefixed("one") + Prefixed("two").substr(0, 6)) +
                    HeadersBytes(stream, {{"grpc-status", "0"}}, true));
    connection.Read();
  });
  Backend backend(peer.address(), io_);
  Reading reading;
  const auto call = backend.Stream(Options(), "", reading.Events());
  call->Read();
  ASSERT_TRUE(reading.WaitFor(1));
  call->Read();
  EXPECT_EQ(reading.code(), 13);
}

TEST_F(RawPeerTest, ACancelledStreamIsReset) {
  std::atomic<uint32_t> code = 0;
  absl::Notification asked;
  absl::Notification reset;
  RawPeer peer([&](RawConnection& connection) {
    connection.Greet();
    if (connection.ReadRequest() == 0) return;
    asked.Notify();
    if (const auto frame = connection.ReadUntil(kResetFrame)) code = static_cast<uint32_t>(frame->payload[3]);
    reset.Notify();
  });
  Reading reading;
  Backend backend(peer.address(), io_);
  const auto call = backend.Stream(Options(), "", reading.Events());
  ASSERT_TRUE(asked.WaitForNotificationWithTimeout(absl::Seconds(10)));
  call->Cancel();
  call->Cancel();
  EXPECT_EQ(reading.code(), 14);
  call->Read();
  ASSERT_TRUE(reset.WaitForNotificationWithTimeout(absl::Seconds(10)));
  EXPECT_EQ(code, kCancelCode);
}

TEST_F(RawPeerTest, ACallThatIsCancelledBeforeItHasAConnectionEnds) {
  RawPeer peer([](RawConnection& connection) {
    while (connection.Read()) continue;
  });
  Backend backend(peer.address(), io_);
  Ending ending;
  Reading reading;
  backend.Unary(Options(), "", ending.Done())->Cancel();
  const auto call = backend.Stream(Options(), "", reading.Events());
  call->Read();
  call->Cancel();
  EXPECT_EQ(ending.code(), 14);
  EXPECT_EQ(reading.code(), 14);
}

}  // namespace
}  // namespace invoice::gateway
