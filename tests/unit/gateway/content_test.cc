// Content codings, entity tags, and the headers that stand for fields.
#include <brotli/decode.h>
#include <gmock/gmock.h>
#include <zlib.h>

#include "base/status.h"
#include "gateway/conditions.h"
#include "gateway/content/compress.h"
#include "gateway/content/content_coding.h"
#include "gateway/content/entity_tag.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;

TEST(ChooseCoding, FollowsTheWeights) {
  struct Row {
    std::vector<std::string_view> header;
    Coding coding;
    bool identity_refused = false;
  };
  for (const Row& row : std::vector<Row>{
           {{}, Coding::kIdentity},
           {{""}, Coding::kIdentity},
           {{"gzip"}, Coding::kGzip},
           {{"br"}, Coding::kBrotli},
           {{"gzip, deflate, br"}, Coding::kBrotli},
           {{"gzip", "br"}, Coding::kBrotli},
           {{"gzip;q=1.0, br;q=0.9"}, Coding::kGzip},
           {{"gzip;q=0.5,br;q=0.501"}, Coding::kBrotli},
           {{"GZIP ; Q=0.3"}, Coding::kGzip},
           {{"x-gzip"}, Coding::kGzip},
           {{"*"}, Coding::kBrotli},
           {{"*;q=0.1, br;q=0"}, Coding::kGzip},
           {{"gzip;q=0, *;q=0"}, Coding::kIdentity, true},
           {{"gzip;q=0"}, Coding::kIdentity},
           {{"gzip;q=0.5, identity"}, Coding::kIdentity},
           {{"gzip, identity;q=0.5"}, Coding::kGzip},
           {{"gzip;q=0.5, identity;q=0.5"}, Coding::kGzip},
           {{"identity;q=0"}, Coding::kIdentity, true},
           {{"identity;q=0, gzip;q=0.001"}, Coding::kGzip, true},
           {{"*;q=0"}, Coding::kIdentity, true},
           {{"*;q=0, identity"}, Coding::kIdentity},
           {{"deflate, zstd"}, Coding::kIdentity},
           // What is malformed is refused.
           {{"gzip;q=2"}, Coding::kIdentity},
           {{"gzip;q=1.001"}, Coding::kIdentity},
           {{"gzip;q=0.1234"}, Coding::kIdentity},
           {{"gzip;q="}, Coding::kIdentity},
           {{"gzip;level=1"}, Coding::kIdentity},
           {{"gzip;q=-1, br;q=.5"}, Coding::kIdentity},
           {{",;,=,gzip;;q=1"}, Coding::kIdentity},
       }) {
    const CodingChoice choice = ChooseCoding(row.header);
    EXPECT_EQ(choice.coding, row.coding) << (row.header.empty() ? "" : row.header.front());
    EXPECT_EQ(choice.identity_refused, row.identity_refused) << (row.header.empty() ? "" : row.header.front());
  }
}

TEST(IsCompressible, KnowsTextsFromWhatIsCompressed) {
  for (const char* type :
       {"application/json", "application/json; charset=utf-8", "TEXT/CSV", "text/html; charset=utf-8",
        "text/javascript", "image/svg+xml", "application/problem+json", "application/atom+xml"}) {
    EXPECT_TRUE(IsCompressible(type)) << type;
  }
  for (const char* type : {"", "application/pdf", "image/png", "image/jpeg", "application/zip", "text/event-stream",
                           "application/octet-stream", "application/x-ndjson", "text/", "+json"}) {
    EXPECT_FALSE(IsCompressible(type)) << type;
  }
}

std::string Gunzip(const std::string& packed, size_t size) {
  std::string out(size, '\0');
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  inflateEnd(&stream);
  return out;
}

std::string Unbrotli(const std::string& packed, size_t size) {
  std::string out(size, '\0');
  EXPECT_EQ(BrotliDecoderDecompress(packed.size(), reinterpret_cast<const uint8_t*>(packed.data()), &size,
                                    reinterpret_cast<uint8_t*>(out.data())),
            BROTLI_DECODER_RESULT_SUCCESS);
  EXPECT_EQ(size, out.size());
  return out;
}

TEST(Compress, GivesTheBytesBack) {
  std::string body;
  for (int i = 0; i < 5000; ++i) body += "{\"number\":\"INV-" + std::to_string(i * 7919) + "\"},";
  for (const Effort effort : {Effort::kFast, Effort::kSmall}) {
    const auto gzip = Compress(Coding::kGzip, effort, body);
    ASSERT_TRUE(gzip.has_value());
    EXPECT_EQ(Gunzip(*gzip, body.size()), body);
    const auto brotli = Compress(Coding::kBrotli, effort, body);
    ASSERT_TRUE(brotli.has_value());
    EXPECT_LT(brotli->size(), body.size() / 2);
    EXPECT_EQ(Unbrotli(*brotli, body.size()), body);
  }
}

TEST(Compress, DoesNotMakeABodyLarger) {
  std::string noise;
  uint32_t state = 1;
  for (int i = 0; i < 4096; ++i) noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  for (const std::string& body : {noise, std::string(), std::string("x"), std::string("{}")}) {
    for (const Coding coding : {Coding::kIdentity, Coding::kGzip, Coding::kBrotli}) {
      EXPECT_EQ(Compress(coding, Effort::kFast, body), std::nullopt) << body.size();
    }
  }
}

TEST(EntityTag, NamesTheVersionAndTheCoding) {
  EXPECT_EQ(EntityTag("v1", Coding::kIdentity), "\"v1\"");
  EXPECT_EQ(EntityTag("v1", Coding::kGzip), "\"v1-gzip\"");
  EXPECT_EQ(EntityTag("v1", Coding::kBrotli), "\"v1-br\"");
  for (const char* bad : {"", "a\"b", "a b", "a\nb", "\u00e9"}) EXPECT_EQ(EntityTag(bad, Coding::kIdentity), "");
}

TEST(VersionOf, ReadsOneStrongTag) {
  EXPECT_EQ(VersionOf({}).value(), "");
  EXPECT_EQ(VersionOf({"*"}).value(), "");
  EXPECT_EQ(VersionOf({" \"v1\" "}).value(), "v1");
  EXPECT_EQ(VersionOf({"\"v1-gzip\""}).value(), "v1");
  EXPECT_EQ(VersionOf({"\"v1-br\""}).value(), "v1");
  EXPECT_EQ(VersionOf({"\"-br\""}).value(), "-br");
  for (const char* bad :
       {"", "v1", "\"\"", "\"v1", "v1\"", "\"v1\", \"v2\"", "\"v\x01\"", "\"v 1\"", "*, \"v1\"", "\""}) {
    EXPECT_THAT(std::string(VersionOf({bad}).status().message()), HasSubstr("the header If-Match must be one tag"))
        << bad;
  }
  EXPECT_FALSE(VersionOf({"\"a\"", "\"b\""}).ok());
  EXPECT_FALSE(VersionOf({"\"" + std::string(5000, 'a') + "\""}).ok());
  EXPECT_THAT(std::string(VersionOf({"W/\"v1\""}).status().message()), HasSubstr("a strong tag"));
}

TEST(Names, ComparesWeakly) {
  for (const char* list :
       {"\"a\"", "W/\"a\"", "*", " * ", "\"x\", \"a\"", "\"x\",W/\"a\"", ",, \"a\" ,", "\"b,\\\",\"a\""}) {
    EXPECT_TRUE(Names({list}, "\"a\"")) << list;
  }
  EXPECT_TRUE(Names({"\"x\"", "\"a\""}, "\"a\""));
  for (const char* list : {"", "a", "\"A\"", "\"a", "w/\"a\"", "\"b\"", "x, \"a\"", "\"x\\\"a\\\"\"", "*, \"b\""}) {
    EXPECT_FALSE(Names({list}, "\"a\"")) << list;
  }
  EXPECT_FALSE(Names({}, "\"a\""));
}

class ConditionsTest : public ::testing::Test {
 protected:
  absl::StatusOr<Conditions> Read(const char* method, Headers headers) {
    request_.method = method;
    request_.headers = std::move(headers);
    return ReadConditions(route_, request_);
  }
  std::string Refusal(const char* method, Headers headers) {
    return std::string(Read(method, std::move(headers)).status().message());
  }

  FieldTable field_;
  Route route_;
  HttpRequest request_;
};

TEST_F(ConditionsTest, AChangeIsNeverMadeWithoutItsCondition) {
  EXPECT_TRUE(Read("POST", {}).ok());
  EXPECT_THAT(Refusal("POST", {{"If-Match", "\"v1\""}}), HasSubstr("this method takes no If-Match"));
  EXPECT_THAT(Refusal("POST", {{"If-None-Match", "*"}}), HasSubstr("this method takes no If-None-Match"));
  EXPECT_TRUE(Read("GET", {{"If-Match", "\"v1\""}, {"If-None-Match", "\"v1\""}}).ok());
  route_.etag = {&field_};
  EXPECT_EQ(Read("DELETE", {{"If-Match", "\"v1\""}})->etag, "v1");
  EXPECT_EQ(Read("DELETE", {{"If-Match", "*"}})->etag, "");
  EXPECT_THAT(Refusal("DELETE", {{"If-Match", "v1"}}), HasSubstr("one tag in quotes"));
}

TEST_F(ConditionsTest, TheLastEventIsNamedOnce) {
  EXPECT_EQ(Read("GET", {{"Last-Event-ID", "7"}, {"Last-Event-ID", "8"}})->last_event_id, "");
  route_.resume_from = &field_;
  EXPECT_EQ(Read("GET", {{"last-event-id", "7"}})->last_event_id, "7");
  EXPECT_EQ(Read("GET", {})->last_event_id, "");
  for (const Headers& headers : std::vector<Headers>{{{"Last-Event-ID", "7"}, {"Last-Event-ID", "8"}},
                                                     {{"Last-Event-ID", std::string(257, '7')}},
                                                     {{"Last-Event-ID", "\xc3\xa9"}}}) {
    EXPECT_THAT(Refusal("GET", headers), HasSubstr("the header Last-Event-ID must be given once"));
  }
}

}  // namespace
}  // namespace invoice::gateway
