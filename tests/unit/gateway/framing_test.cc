// The HTTP server alone: what is a request, where it ends, and what becomes of one that is not right.
#include <gmock/gmock.h>

#include "base/limits.h"
#include "fmt/format.h"
#include "gateway/http/server.h"
#include "http_client.h"

namespace invoice::gateway {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// Answers with what it got.
class Framing : public ::testing::Test {
 protected:
  Framing() {
    server_ =
        HttpServer::Start({.listen = {"127.0.0.1", 0}}, [this](std::shared_ptr<Exchange> exchange) {
          const HttpRequest& request = exchange->request();
          calls_.fetch_add(1);
          const int status = request.fault ? request.fault->status : 200;
          exchange->Send({status, {}, fmt::format("[{} {} {}]", request.method, request.path, request.body.size())});
        }).value();
  }

  // All that the server answers to these bytes; the client then says that it is done.
  std::string Exchange1(std::string_view bytes) {
    BareConnection connection(server_->port());
    connection.Send(bytes);
    connection.HalfClose();
    return connection.ReadAll();
  }

  std::atomic<int> calls_ = 0;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(Framing, ReadsBodiesByLengthAndByChunks) {
  BareConnection connection(server_->port());
  connection.Send("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_THAT(connection.ReadUntil("[POST /a 5]"), HasSubstr("[POST /a 5]"));
  connection.Send(
      "POST /b HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n");
  EXPECT_THAT(connection.ReadUntil("[POST /b 7]"), HasSubstr("[POST /b 7]"));
  connection.Send("POST /c HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\nPOST /d HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(connection.ReadUntil("[POST /d 0]"), AllOf(HasSubstr("[POST /c 0]"), HasSubstr("[POST /d 0]")));
  EXPECT_EQ(calls_, 4);
}

TEST_F(Framing, RefusesWhatTwoReadersCouldReadDifferently) {
  struct Row {
    const char* request;
    int status;
  };
  for (const Row& row : {
           Row{"GARBAGE\r\n\r\n", 400},
           Row{"GET /a HTTP/1.1\r\nno colon\r\n\r\n", 400},
           Row{"GET /a HTTP/1.1\r\n\r\n", 400},
           Row{"GET /a HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
           Row{"GET a HTTP/1.1\r\nHost: x\r\n\r\n", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400},
           Row{"POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\nhello", 400},
           Row{"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
       }) {
    const std::string answer = Exchange1(row.request);
    EXPECT_THAT(answer, StartsWith(fmt::format("HTTP/1.1 {} ", row.status))) << row.request;
    EXPECT_THAT(answer, HasSubstr("Connection: close")) << row.request;
  }
}

TEST_F(Framing, RefusesMalformedChunks) {
  for (const char* chunks : {"zz\r\nabc\r\n0\r\n\r\n", "-1\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\n0\n\n",
                             "3x\r\nabc\r\n0\r\n\r\n", "\r\n", "0x3\r\nabc\r\n0\r\n\r\n", " 3\r\nabc\r\n0\r\n\r\n",
                             "3\r\nabc0\r\n\r\n", "ffffffffffffffffff\r\n", "3\r\r\nabc\r\n0\r\n\r\n"}) {
    const std::string answer =
        Exchange1(std::string("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n") + chunks);
    EXPECT_THAT(answer, AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("Connection: close"))) << chunks;
  }
  EXPECT_THAT(Exchange1("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"),
              StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(Exchange1("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;" + std::string(5000, 'e') +
                        "\r\nabc\r\n"),
              StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(
      Exchange1("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n"),
      HasSubstr("[POST /a 3]"));
}

TEST_F(Framing, BoundsTheHead) {
  EXPECT_THAT(Exchange1("GET /" + std::string(base::kMaxUrlBytes, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
              StartsWith("HTTP/1.1 414"));
  EXPECT_THAT(Exchange1("GET /" + std::string(100'000, 'a') + " HTTP/1.1\r\nHost: x\r\n\r\n"),
              StartsWith("HTTP/1.1 414"));
  std::string many = "GET /a HTTP/1.1\r\nHost: x\r\n";
  for (size_t i = 0; i < base::kMaxHeaderCount; ++i) many += fmt::format("X-{}: y\r\n", i);
  EXPECT_THAT(Exchange1(many + "\r\n"), StartsWith("HTTP/1.1 431"));
  for (const size_t size : {40'000, 100'000}) {
    EXPECT_THAT(Exchange1("GET /a HTTP/1.1\r\nHost: x\r\nX: " + std::string(size, 'y') + "\r\n\r\n"),
                StartsWith("HTTP/1.1 431"));
  }
}

TEST_F(Framing, ABodyThatIsTooLargeIsRefusedAndDrained) {
  const size_t size = 3 * base::kMaxRequestBytes;
  const std::string body(size, 'x');
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\n";
  EXPECT_THAT(Exchange1(head + fmt::format("Content-Length: {}\r\n\r\n", size) + body), StartsWith("HTTP/1.1 413"));
  EXPECT_THAT(
      Exchange1(head + fmt::format("Transfer-Encoding: chunked\r\n\r\n{:x}\r\n", size) + body + "\r\n0\r\n\r\n"),
      StartsWith("HTTP/1.1 413"));
  const std::string fits(base::kMaxRequestBytes, 'x');
  EXPECT_THAT(Exchange1(head + fmt::format("Connection: close\r\nContent-Length: {}\r\n\r\n", fits.size()) + fits),
              HasSubstr(fmt::format("[POST /a {}]", fits.size())));
}

TEST_F(Framing, TellsAWaitingClientToGoOn) {
  const std::string head = "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
  BareConnection connection(server_->port());
  connection.Send(head + "Content-Length: 5\r\n\r\n");
  EXPECT_THAT(connection.ReadUntil("\r\n\r\n"), StartsWith("HTTP/1.1 100 Continue"));
  connection.Send("hello");
  EXPECT_THAT(connection.ReadUntil("[POST /a 5]"), HasSubstr("HTTP/1.1 200 OK"));
  // Before a body that is too large is sent at all.
  BareConnection refused(server_->port());
  refused.Send(head + "Content-Length: 99999999\r\n\r\n");
  EXPECT_THAT(refused.ReadUntil("[POST"), AllOf(StartsWith("HTTP/1.1 413"), Not(HasSubstr("100 Continue"))));
}

TEST_F(Framing, ABodyThatBreaksOffReachesNobody) {
  EXPECT_EQ(Exchange1("POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhello"), "");
  EXPECT_EQ(Exchange1("POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"), "");
  EXPECT_EQ(Exchange1(""), "");
  EXPECT_EQ(calls_, 0);
}

TEST_F(Framing, KeepsAConnectionUnlessToldOtherwise) {
  BareConnection kept(server_->port());
  kept.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  kept.ReadUntil("[GET /a 0]");
  kept.Send("GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(kept.ReadAll(), HasSubstr("[GET /b 0]"));
  EXPECT_TRUE(kept.ended());
  BareConnection old(server_->port());
  old.Send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_THAT(old.ReadAll(), HasSubstr("[GET /a 0]"));
  EXPECT_TRUE(old.ended());
}

TEST_F(Framing, StoppingClosesIdleConnections) {
  BareConnection idle(server_->port());
  idle.Send("GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
  idle.ReadUntil("[GET /a 0]");
  server_->Stop(absl::Seconds(8));
  idle.ReadAll();
  EXPECT_TRUE(idle.ended());
  EXPECT_EQ(server_->open_connections(), 0);
}

TEST_F(Framing, TheSameAddressIsNotTakenTwice) {
  EXPECT_EQ(HttpServer::Start({.listen = {"127.0.0.1", server_->port()}}, [](const auto&) {}).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace invoice::gateway
