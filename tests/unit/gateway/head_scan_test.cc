// What the gateway refuses beside what the parser refuses: the table of heads that two readers could read differently.
#include "gateway/http/head_scan.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/limits.h"
#include "gateway/http/request_parser.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

using std::string_literals::operator""s;
using State = RequestParser::State;

// The status that the request gets, 200 where it is right, 0 where more bytes are needed. The bytes come in pieces of
// `piece`.
int StatusOf(const std::string& bytes, size_t piece) {
  RequestParser parser;
  std::string waiting;
  for (size_t at = 0; at < bytes.size() && parser.state() != State::kWhole; at += piece) {
    waiting += bytes.substr(at, piece);
    for (size_t taken = 1; taken > 0 && !waiting.empty() && parser.state() != State::kWhole;) {
      taken = parser.Take(waiting);
      waiting.erase(0, taken);
    }
  }
  if (parser.state() != State::kWhole) return 0;
  return parser.request().fault ? parser.request().fault->status : 200;
}

void ExpectStatus(const std::string& bytes, int status) {
  for (const size_t piece : {size_t{1}, size_t{7}, bytes.size()}) {
    EXPECT_EQ(StatusOf(bytes, piece), status) << ::testing::PrintToString(bytes) << " in pieces of " << piece;
  }
}

std::string Get(const std::string& fields) { return "GET /a HTTP/1.1\r\n" + fields + "\r\n"; }
std::string Post(const std::string& fields, const std::string& body) {
  return "POST /a HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body;
}

TEST(RequestParser, RefusesMalformedHeads) {
  for (const std::string& fields : {
           "Host : x\r\n"s,
           "Host\t: x\r\n"s,
           " Host: x\r\n"s,
           "Host: x\r\n folded\r\n"s,
           "Host: x\r\n\tfolded\r\n"s,
           "Host: x\r\nA: b\r\n c\r\n"s,
           "Host: x\r\nnonsense\r\n"s,
           "Host: x\r\n: y\r\n"s,
           "Host: x\r\nA\0: y\r\n"s,
           "Host: x\r\nA: \0\r\n"s,
           "Host: x\r\nA: y\rz\r\n"s,
           "Host: x\r\nA: y\nB: z\r\n"s,
           "Host: x\nA: y\r\n"s,
           "Host: x\r\nA(: y\r\n"s,
           "Host: x\r\nA B: y\r\n"s,
           "Host: x\r\nA\"B: y\r\n"s,
           "Host: x\r\n\xc3\xa9: y\r\n"s,
           "Host: x\r\nA: \x7f\r\n"s,
           "Host: x\r\nA: \x01\r\n"s,
           "Host: x\r\nA: \x0b\r\n"s,
           "A: b\r\n"s,
           "Host: x\r\nHost: x\r\n"s,
           "Host: x/y\r\n"s,
           "Host: a@b\r\n"s,
           "Host: a b\r\n"s,
           "Host: a, b\r\n"s,
           "Host: x:8x\r\n"s,
           "Host: x:80:80\r\n"s,
           "Host: ::1\r\n"s,
           "Host: [::1\r\n"s,
           "Host: [::1]80\r\n"s,
           "Host: [x]:80\r\n"s,
           "Host: x[1]\r\n"s,
       }) {
    ExpectStatus(Get(fields), 400);
  }
}

TEST(RequestParser, RefusesMalformedFirstLines) {
  for (const std::string& line : {"GARBAGE"s,
                                  "GET"s,
                                  "GET /a"s,
                                  "GET /a "s,
                                  "GET  /a HTTP/1.1"s,
                                  "GET /a  HTTP/1.1"s,
                                  " GET /a HTTP/1.1"s,
                                  "GET\t/a HTTP/1.1"s,
                                  "GET /a\tHTTP/1.1"s,
                                  "GET /a b HTTP/1.1"s,
                                  "GET /a HTTP/2.0"s,
                                  "GET /a HTTP/1.2"s,
                                  "GET /a HTTP/0.9"s,
                                  "GET /a HTTP/11"s,
                                  "GET /a http/1.1"s,
                                  "GET /a HTTP/1.1 "s,
                                  "GET /a XTTP/1.1"s,
                                  "GET /\x80 HTTP/1.1"s,
                                  "GET /\xc3\xa9 HTTP/1.1"s,
                                  "GET /\0 HTTP/1.1"s,
                                  "GET /a\x7f HTTP/1.1"s,
                                  "G\0T / HTTP/1.1"s,
                                  "G(T /a HTTP/1.1"s,
                                  "GET a HTTP/1.1"s,
                                  "GET * HTTP/1.1"s,
                                  "CONNECT x:80 HTTP/1.1"s,
                                  "GET ftp://x/a HTTP/1.1"s,
                                  "GET http:///a HTTP/1.1"s,
                                  "GET http://u@x/a HTTP/1.1"s,
                                  "GET ?a HTTP/1.1"s,
                                  "\x16\x03\x01\x02"s}) {
    ExpectStatus(line + "\r\nHost: x\r\n\r\n", 400);
  }
}

TEST(RequestParser, RefusesBodiesWhoseEndIsNotClear) {
  const std::string chunks = "3\r\nabc\r\n0\r\n\r\n";
  for (const std::string& fields : {
           "Content-Length: 5\r\nContent-Length: 6\r\n"s,
           "Content-Length: 5\r\nContent-Length: 5\r\n"s,
           "Content-Length: 5, 5\r\n"s,
           "Content-Length: -1\r\n"s,
           "Content-Length: +5\r\n"s,
           "Content-Length: 0x5\r\n"s,
           "Content-Length: 5x\r\n"s,
           "Content-Length: 5 5\r\n"s,
           "Content-Length:\r\n"s,
           "Content-Length : 5\r\n"s,
           "Content-Length\0: 5\r\n"s,
           "Content-Length: 99999999999999999999\r\n"s,
           "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"s,
           "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n"s,
           "Transfer-Encoding : chunked\r\n"s,
           "Transfer-Encoding: \x0b"
           "chunked\r\n"s,
           "Transfer-Encoding: xchunked\r\n"s,
           "Transfer-Encoding: chunked, identity\r\n"s,
           "Transfer-Encoding: identity, chunked\r\n"s,
           "Transfer-Encoding: chunked, chunked\r\n"s,
           "Transfer-Encoding: gzip, chunked\r\n"s,
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"s,
           "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"s,
           "Transfer-Encoding: identity\r\n"s,
           "Transfer-Encoding: \"chunked\"\r\n"s,
           "Transfer-Encoding: chunked;q=1\r\n"s,
           "Transfer-Encoding:\r\n"s,
           "Transfer-Encoding:\r\n chunked\r\n"s,
       }) {
    ExpectStatus(Post(fields, chunks), 400);
  }
  ExpectStatus("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks, 400);
}

TEST(RequestParser, RefusesMalformedChunks) {
  for (const std::string& chunks :
       {"zz\r\nabc\r\n0\r\n\r\n"s, "-1\r\n"s, "3\r\nabcd\r\n0\r\n\r\n"s, "3\nabc\n0\n\n"s, "3\r\nabc\n0\r\n\r\n"s,
        "3\r\nabc\r\n0\n\r\n"s, "3x\r\nabc\r\n0\r\n\r\n"s, "\r\n"s, "0x3\r\nabc\r\n0\r\n\r\n"s,
        " 3\r\nabc\r\n0\r\n\r\n"s, "3\r\nabc0\r\n\r\n"s, "ffffffffffffffffff\r\n"s, "3\r\r\nabc\r\n0\r\n\r\n"s,
        "3;\nabc\r\n"s, "0\r\nX: y\n\r\n"s, "0\r\nX y\r\n\r\n"s, "3;" + std::string(5000, 'e') + "\r\nabc\r\n0\r\n\r\n",
        "3;" + std::string(5000, 'e'), "0\r\nX: " + std::string(5000, 'e')}) {
    ExpectStatus(Post("Transfer-Encoding: chunked\r\n", chunks), 400);
  }
  ExpectStatus(Post("Transfer-Encoding: chunked\r\n", "ffffffffffffffff\r\n"), 413);
}

TEST(RequestParser, AcceptsWhatIsRight) {
  for (const std::string& request :
       {Get("Host: x\r\n"), Get("host:x\r\n"), Get("Host:\r\n"), Get("Host: [::1]:80\r\n"),
        Get("Host: [::ffff:1.2.3.4]\r\n"), Get("Host: x:\r\n"), Get("Host: x\r\nA: \xc3\xa9\r\n"),
        Get("Host: x\r\nA:\r\n"), Get("Host: x\r\nA: \t b \t\r\n"), "\r\n" + Get("Host: x\r\n"),
        "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"s, "GET / HTTP/1.0\r\n\r\n"s, Post("Content-Length: 5\r\n", "hello"),
        Post("Content-Length: 0\r\n", ""),
        Post("Transfer-Encoding: Chunked\r\n", "3;a=b;c=\"d\"\r\nabc\r\n0\r\nX: y\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
        Post("Transfer-Encoding: chunked\r\n", "003\r\nabc\r\n000\r\n\r\n")}) {
    ExpectStatus(request, 200);
  }
}

TEST(RequestParser, LeavesTheNextRequestAlone) {
  RequestParser parser;
  const std::string first = Post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nAuthorization: Bearer T\r\n\r\n");
  EXPECT_EQ(parser.Take(first + Get("Host: x\r\n")), first.size());
  ASSERT_EQ(parser.state(), State::kWhole);
  EXPECT_EQ(parser.request().body, "abc");
  EXPECT_TRUE(HeaderValues(parser.request().headers, "Authorization").empty()) << "a trailer is no header";
}

TEST(RequestParser, TakesTargetsInAbsoluteForm) {
  struct Row {
    const char* target;
    const char* path;
    const char* query;
  };
  for (const Row& row :
       {Row{"http://x/a/b?c=d", "/a/b", "c=d"}, Row{"HTTPS://x.example:8000/", "/", ""}, Row{"http://x", "/", ""},
        Row{"http://x?c", "/", "c"}, Row{"/a?b?c", "/a", "b?c"}, Row{"//x/a", "//x/a", ""}}) {
    RequestParser parser;
    parser.Take(std::string("GET ") + row.target + " HTTP/1.1\r\nHost: other\r\n\r\n");
    ASSERT_EQ(parser.state(), State::kWhole);
    EXPECT_FALSE(parser.request().fault) << row.target;
    EXPECT_EQ(parser.request().path, row.path);
    EXPECT_EQ(parser.request().query, row.query);
  }
}

TEST(RequestParser, MemoryGrowsWithWhatHasArrived) {
  RequestParser parser;
  parser.Take(Post("Content-Length: 4194304\r\n", "{"));
  EXPECT_EQ(parser.state(), State::kBody);
  EXPECT_LT(parser.held(), 1024u);
  parser.Take(std::string(100'000, 'x'));
  EXPECT_EQ(parser.body_size(), 100'001u);
  EXPECT_LT(parser.held(), 300'000u);
}

TEST(RequestParser, MeetsOneExpectationOnly) {
  RequestParser parser;
  parser.Take(Post("Expect: 100-Continue\r\nContent-Length: 5\r\n", ""));
  EXPECT_TRUE(parser.wants_continue());
  parser.Take("he");
  EXPECT_FALSE(parser.wants_continue());
  ExpectStatus(Post("Expect: magic\r\nContent-Length: 5\r\n", "hello"), 417);
}

TEST(RequestParser, BoundsTheHeadBeforeItIsWhole) {
  EXPECT_EQ(StatusOf("GET /" + std::string(base::kMaxUrlBytes + 100, 'a'), 1000), 414);
  EXPECT_EQ(StatusOf("GET / HTTP/1.1\r\nA: " + std::string(kMaxHeadBytes, 'a'), 1000), 431);
}

}  // namespace
}  // namespace invoice::gateway
