// Every rule and example of google/api/http.proto: one row each.
#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include "base/status.h"
#include "gateway/routes/request_reader.h"
#include "gateway/routes/routes.h"
#include "gateway/transcode/json_writer.h"
#include "mapping.pb.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Routes& TestRoutes() {
  static const Routes* routes = Routes::Build("gateway.mapping").value().release();
  return *routes;
}

struct Asked {
  const char* method;
  const char* target;
  const char* body = "";
  const char* etag = "";
  const char* last_event_id = "";
};

std::string_view QueryOf(std::string_view target) {
  const size_t question = target.find('?');
  return question == std::string_view::npos ? std::string_view() : target.substr(question + 1);
}

RouteTable::Match Find(std::string_view method, std::string_view target) {
  return TestRoutes().table().Find(method, target.substr(0, target.find('?')));
}

absl::StatusOr<std::string> Read(const RouteTable::Match& match, const Asked& asked) {
  return ReadRequest(*match.route,
                     {match.variables, QueryOf(asked.target), asked.body, asked.etag, asked.last_event_id});
}

struct Row {
  Asked asked;
  const char* rpc;
  const char* request;
};

class Mapping : public ::testing::TestWithParam<Row> {};

TEST_P(Mapping, FindsTheMethodAndFillsItsRequest) {
  const Row& row = GetParam();
  const RouteTable::Match match = Find(row.asked.method, row.asked.target);
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->rpc, std::string("/gateway.mapping.") + row.rpc);
  const auto wire = Read(match, row.asked);
  ASSERT_TRUE(wire.ok()) << wire.status();
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(match.route->request->full_name());
  const auto* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(type);
  const std::unique_ptr<Message> request(prototype->New());
  const std::unique_ptr<Message> expected(prototype->New());
  ASSERT_TRUE(request->ParseFromString(*wire));
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.request, expected.get()));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(*request, *expected)) << request->DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    Examples, Mapping,
    ::testing::Values(
        Row{{"GET", "/v1/messages/123456/foo"}, "Messaging/GetPart", "message_id: '123456' sub { subfield: 'foo' }"},
        Row{{"GET", "/v1/messages/123456"}, "Messaging/GetMessage", "message_id: '123456'"},
        Row{{"GET", "/v1/messages/123456?revision=2&sub.subfield=foo"},
            "Messaging/GetMessage",
            "message_id: '123456' revision: 2 sub { subfield: 'foo' }"},
        Row{{"GET", "/v1/messages/1?tags=A&tags=B&sub.numbers=3&sub.numbers=4"},
            "Messaging/GetMessage",
            "message_id: '1' tags: 'A' tags: 'B' sub { numbers: 3 numbers: 4 }"},
        Row{{"GET", "/v1/messages/1?sub.message.text=x"},
            "Messaging/GetMessage",
            "message_id: '1' sub { message { text: 'x' } }"},
        Row{{"GET", "/v1/users/me/messages/123456"}, "Messaging/GetMessage", "user_id: 'me' message_id: '123456'"},
        Row{{"GET", "/v1/messages/1?userId=me"}, "Messaging/GetMessage", "user_id: 'me' message_id: '1'"},
        Row{{"PUT", "/v1/messages/123456", R"({"text":"Hi!"})"},
            "Messaging/UpdateMessage",
            "message_id: '123456' message { text: 'Hi!' }"},
        Row{{"PUT", "/v1/messages/1?dryRun=true", R"({"text":"Hi!"})"},
            "Messaging/UpdateMessage",
            "message_id: '1' message { text: 'Hi!' } dry_run: true"},
        Row{{"PUT", "/v2/messages/123456", R"({"text":"Hi!"})"},
            "Messaging/ReplaceMessage",
            "message_id: '123456' text: 'Hi!'"},
        Row{{"DELETE", "/v1/messages/1?revision=3"}, "Messaging/DeleteMessage", "message_id: '1' revision: 3"},
        Row{{"PATCH", "/v1/messages/1", R"({"text":"Hi!"})"},
            "Messaging/PatchMessage",
            "message { message_id: '1' text: 'Hi!' } update_mask { paths: 'text' }"}));

INSTANTIATE_TEST_SUITE_P(
    Templates, Mapping,
    ::testing::Values(
        Row{{"GET", "/v1/shelves/s1/books/b1"}, "Paths/GetBook", "name: 'shelves/s1/books/b1'"},
        Row{{"GET", "/v1/shelves/s1/books/b1?number=4"}, "Paths/GetBook", "name: 'shelves/s1/books/b1' number: 4"},
        Row{{"GET", "/v1/shelves/s1/books"}, "Paths/ListBooks", "name: 'shelves/s1'"},
        // The literal goes before the wildcard, also where a variable of several segments has it.
        Row{{"GET", "/v1/shelves/s1/books/newest"}, "Paths/GetNewest", "name: 's1'"},
        Row{{"PATCH", "/v1/shelves/s1/books/newest", R"({"number":2})"},
            "Paths/UpdateBook",
            "named { name: 'shelves/s1/books/newest' number: 2 } update_mask { paths: 'number' }"},
        Row{{"POST", "/v1/shelves/s1/books/b1:move", R"({"number":7})"},
            "Paths/MoveBook",
            "name: 'shelves/s1/books/b1' number: 7"},
        Row{{"GET", "/v1/files/a"}, "Paths/GetFile", "name: 'a'"},
        Row{{"GET", "/v1/files/a/b/c.txt"}, "Paths/GetFile", "name: 'a/b/c.txt'"},
        Row{{"GET", "/v1/files"}, "Paths/GetFile", ""},
        Row{{"POST", "/v1/files/a/b:copy", R"({"number":1})"}, "Paths/CopyFile", "name: 'a/b' number: 1"},
        Row{{"GET", "/v1/trees/a"}, "Paths/GetTree", "name: 'a'"},
        Row{{"GET", "/v1/trees/a/b/c"}, "Paths/GetTree", "name: 'a/b/c'"},
        Row{{"GET", "/v1/anything/about?number=1"}, "Paths/GetAbout", "number: 1"},
        Row{{"GET", "/v1/rest/of/all?name=n"}, "Paths/GetRest", "name: 'n'"},
        Row{{"GET", "/v1/rest"}, "Paths/GetRest", ""},
        Row{{"GET", "/v1/fixed/only/5"}, "Paths/GetFixed", "name: 'only' number: 5"},
        Row{{"GET", "/v1/scalars/-5/true/LARGE/aGk="},
            "Paths/GetScalars",
            "number: -5 flag: true kind: LARGE digest: 'hi'"}));

// One segment is decoded as a whole; in several ones an encoded slash stays.
INSTANTIATE_TEST_SUITE_P(
    PercentEncoding, Mapping,
    ::testing::Values(
        Row{{"GET", "/v1/messages/a%2Fb%20c%3A%C3%A9"}, "Messaging/GetMessage", "message_id: 'a/b c:\u00e9'"},
        Row{{"GET", "/v1/files/a%2Fb/c%20d%3A%25"}, "Paths/GetFile", "name: 'a%2Fb/c d:%'"},
        Row{{"GET", "/v1/files/a%2fb"}, "Paths/GetFile", "name: 'a%2fb'"},
        Row{{"GET", "/v1/shelves/a%2Fb/books/c"}, "Paths/GetBook", "name: 'shelves/a%2Fb/books/c'"},
        Row{{"GET", "/v1/files/a+b"}, "Paths/GetFile", "name: 'a+b'"},
        Row{{"GET", "/v1/messages/1?userId=a%2Fb+c"}, "Messaging/GetMessage", "message_id: '1' user_id: 'a/b c'"}));

INSTANTIATE_TEST_SUITE_P(
    Methods, Mapping,
    ::testing::Values(Row{{"HEAD", "/v1/checks/c"}, "Methods/Check", "name: 'c'"},
                      Row{{"HEAD", "/v1/messages/1"}, "Messaging/GetMessage", "message_id: '1'"},
                      Row{{"PURGE", "/v1/caches/c", R"({"number":1})"}, "Methods/Purge", "name: 'c' number: 1"},
                      Row{{"GET", "/v1/caches/c"}, "Methods/GetCache", "name: 'c'"},
                      Row{{"GET", "/v1/pages/p"}, "Methods/GetPage", "name: 'p'"},
                      Row{{"HEAD", "/v1/pages/p"}, "Methods/GetPage", "name: 'p'"},
                      Row{{"POST", "/v1/pages/p", R"({"number":1})"}, "Methods/Page", "name: 'p' number: 1"},
                      Row{{"REPORT", "/v1/pages/p"}, "Methods/Page", "name: 'p'"},
                      Row{{"POST", "/v1/tags/t", R"(["a","b"])"}, "Methods/Tag", "name: 't' tags: 'a' tags: 'b'"}));

INSTANTIATE_TEST_SUITE_P(
    Etags, Mapping,
    ::testing::Values(
        Row{{"POST", "/v1/shelves/s/books/b:move", "", "v1"}, "Paths/MoveBook", "name: 'shelves/s/books/b' etag: 'v1'"},
        Row{{"POST", "/v1/shelves/s/books/b:move", R"({"etag":"v1"})", "v1"},
            "Paths/MoveBook",
            "name: 'shelves/s/books/b' etag: 'v1'"},
        Row{{"PATCH", "/v1/messages/1", R"({"text":"t"})", "v1"},
            "Messaging/PatchMessage",
            "message { message_id: '1' text: 't' etag: 'v1' } update_mask { paths: 'text' }"},
        Row{{"GET", "/v1/files/f?etag=v1", "", "v1"}, "Paths/GetFile", "name: 'f' etag: 'v1'"}));

INSTANTIATE_TEST_SUITE_P(
    Positions, Mapping,
    ::testing::Values(Row{{"GET", "/v1/events?topic=t", "", "", "41"}, "Events/Watch", "after: 41 topic: 't'"},
                      // An EventSource connects again with the query that it began with.
                      Row{{"GET", "/v1/events?after=7", "", "", "41"}, "Events/Watch", "after: 41"},
                      Row{{"GET", "/v1/events?after=7", "", "", "0"}, "Events/Watch", ""},
                      Row{{"GET", "/v1/events?after=7"}, "Events/Watch", "after: 7"},
                      Row{{"GET", "/v1/namedEvents", "", "", "a:7"}, "Events/WatchNamed", "after: 'a:7'"},
                      Row{{"GET", "/v1/files/f", "", "", "41"}, "Paths/GetFile", "name: 'f'"}));

TEST(Mapping, DoesNotFindOtherPaths) {
  for (const char* path : {"/v1/shelves/s1/books/b1/", "/v1/shelves/s1", "/v1/shelves//books", "/v1/trees",
                           "/v1/trees/b", "/v1/fixed/other/5", "/v1/files/", "/v1/files//a", "/v1/files/a/b:other",
                           "/v1/a/b/about", "/v1/shelves/a/b/books/c", "/"}) {
    const RouteTable::Match match = Find("GET", path);
    EXPECT_EQ(match.route, nullptr) << path;
    EXPECT_TRUE(match.allowed.empty()) << path;
  }
}

TEST(Mapping, NamesTheMethodsOfAPath) {
  EXPECT_THAT(Find("POST", "/v1/checks/c").allowed, ElementsAre("HEAD"));
  EXPECT_THAT(Find("GET", "/v1/checks/c").allowed, ElementsAre("HEAD"));
  EXPECT_THAT(Find("POST", "/v1/caches/c").allowed, ElementsAre("GET", "PURGE"));
  EXPECT_THAT(Find("OPTIONS", "/v1/pages/p").allowed, ElementsAre("DELETE", "GET", "PATCH", "POST", "PUT"));
  EXPECT_THAT(Find("PUT", "/v1/files/a/b").allowed, ElementsAre("GET"));
}

TEST(Mapping, RefusesWhatAFieldMayNotBe) {
  for (const auto& [asked, message] : std::vector<std::pair<Asked, const char*>>{
           {{"GET", "/v1/messages/1?sub=x"}, "sub"},
           {{"GET", "/v1/messages/1?subs.subfield=x"}, "subs.subfield"},
           {{"GET", "/v1/messages/1?labels.a=x"}, "labels.a"},
           {{"GET", "/v1/messages/1?messageId=2"}, "messageId"},
           {{"GET", "/v1/messages/1", "{}"}, "takes no body"},
           {{"PUT", "/v1/messages/1?message.text=x", "{}"}, "message.text"},
           {{"PUT", "/v1/messages/1", R"({"dryRun":true})"}, "dryRun"},
           {{"PUT", "/v2/messages/1?text=x", "{}"}, "text"},
           {{"PUT", "/v2/messages/1", R"({"messageId":"2"})"}, "messageId"},
           {{"GET", "/v1/scalars/x/true/LARGE/aGk="}, "number"},
           {{"GET", "/v1/scalars/1/1/LARGE/aGk="}, "flag"},
           {{"GET", "/v1/scalars/1/true/9/aGk="}, "kind"},
           {{"GET", "/v1/files/a/%zz"}, "malformed percent-encoding"},
           {{"GET", "/v1/files/a/%00"}, "malformed percent-encoding"},
           {{"POST", "/v1/tags/t", R"({"tags":[]})"}, "tags"},
           {{"POST", "/v1/shelves/s/books/b:move", R"({"etag":"v2"})", "v1"}, "the header If-Match and the field etag"},
           {{"PATCH", "/v1/messages/1", R"({"etag":"v2"})", "v1"}, "the header If-Match and the field etag"},
           {{"GET", "/v1/events", "", "", "x"}, "Last-Event-ID"},
           {{"GET", "/v1/events", "", "", "99999999999999999999"}, "Last-Event-ID"}}) {
    const absl::Status status = Read(Find(asked.method, asked.target), asked).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << asked.target << " " << asked.body;
    const auto fields = base::DetailOf(status).fields;
    EXPECT_THAT(fields.empty() ? std::string(status.message()) : fields[0].field, HasSubstr(message)) << asked.target;
  }
}

TEST(Mapping, KnowsWhereVersionsAndPositionsStand) {
  EXPECT_EQ(Find("PATCH", "/v1/messages/1").route->etag.size(), 2u);
  // The message of this path is not named by a field of the body.
  EXPECT_TRUE(Find("PUT", "/v1/messages/1").route->etag.empty());
  EXPECT_EQ(Find("PUT", "/v2/messages/1").route->etag.size(), 1u);
  EXPECT_NE(Find("GET", "/v1/messages/1").route->response_etag, nullptr);
  EXPECT_EQ(Find("GET", "/v1/events").route->event_id->name, "position");
  EXPECT_EQ(Find("GET", "/v1/answers/text:watch").route->event_id, nullptr);
}

TEST(Mapping, DocumentsPathsInJsonSpelling) {
  EXPECT_EQ(Find("GET", "/v1/users/me/messages/1").route->path, "/v1/users/{userId}/messages/{messageId}");
  EXPECT_EQ(Find("GET", "/v1/messages/1/x").route->path, "/v1/messages/{messageId}/{sub.subfield}");
  EXPECT_EQ(Find("PATCH", "/v1/messages/1").route->path, "/v1/messages/{messageId}");
  EXPECT_EQ(Find("PATCH", "/v1/shelves/s/books/b").route->path, "/v1/{name=shelves/*/books/*}");
  EXPECT_EQ(Find("POST", "/v1/files/a:copy").route->path, "/v1/files/{name=**}:copy");
  EXPECT_EQ(Find("GET", "/v1/fixed/only/5").route->path, "/v1/fixed/{name=only}/{number}");
}

std::string Answer(const char* target, const char* text) {
  const Route& route = *Find("GET", target).route;
  ::gateway::mapping::Answer answer;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &answer));
  std::string json;
  EXPECT_TRUE(WriteJsonOf(*route.response_body, *route.response, answer.SerializeAsString(), &json).ok());
  return json;
}

TEST(Mapping, AnswersWithOneField) {
  const char* const full =
      "text: 'a\"' messages { text: 'x' } messages {} one { text: 'y' } counts { key: 'k' value: 2 } "
      "any { number_value: 1 }";
  EXPECT_EQ(Answer("/v1/answers/text", full), R"("a\"")");
  EXPECT_EQ(Answer("/v1/answers/messages", full),
            R"([{"messageId":"","text":"x","etag":""},{"messageId":"","text":"","etag":""}])");
  EXPECT_EQ(Answer("/v1/answers/one", full), R"({"messageId":"","text":"y","etag":""})");
  EXPECT_EQ(Answer("/v1/answers/counts", full), R"({"k":2})");
  EXPECT_EQ(Answer("/v1/answers/any", full), "1");
  EXPECT_EQ(Answer("/v1/answers/text", ""), R"("")");
  EXPECT_EQ(Answer("/v1/answers/messages", ""), "[]");
  EXPECT_EQ(Answer("/v1/answers/one", ""), "null");
  EXPECT_EQ(Answer("/v1/answers/counts", ""), "{}");
  EXPECT_EQ(Answer("/v1/answers/any", ""), "null");
  EXPECT_EQ(Answer("/v1/answers/any", "any {}"), "null");
}

TEST(Mapping, RefusesAnAnswerThatCannotBeShown) {
  const Route& route = *Find("GET", "/v1/answers/text").route;
  std::string json = "before";
  EXPECT_FALSE(WriteJsonOf(*route.response_body, *route.response, "\x0a\x05z", &json).ok());
  EXPECT_FALSE(WriteJsonOf(*route.response_body, *route.response, "\x0a\x01\xff", &json).ok());
  EXPECT_EQ(json, "before");
}

}  // namespace
}  // namespace invoice::gateway
