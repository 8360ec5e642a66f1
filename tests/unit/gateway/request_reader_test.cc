#include "gateway/routes/request_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include "base/status.h"
#include "gateway/routes/routes.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using google::protobuf::Message;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// One request, by method and target as on the wire.
absl::StatusOr<std::unique_ptr<Message>> Read(std::string_view method, std::string_view target,
                                              std::string_view body = "") {
  static const Routes* routes = Routes::Build("gateway.test").value().release();
  const size_t question = target.find('?');
  const RouteTable::Match match = routes->table().Find(method, target.substr(0, question));
  if (match.route == nullptr) return absl::NotFoundError("no route");
  const std::string_view query = question == std::string_view::npos ? "" : target.substr(question + 1);
  const auto wire = ReadRequest(*match.route, {match.variables, query, body});
  if (!wire.ok()) return wire.status();
  const auto* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(match.route->request->full_name());
  std::unique_ptr<Message> message(google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
  if (!message->ParseFromString(*wire)) return absl::InternalError("not the wire bytes of a message");
  return message;
}

struct GoodRow {
  const char* method;
  const char* target;
  const char* body;
  const char* text;
};

class GoodRequest : public ::testing::TestWithParam<GoodRow> {};

TEST_P(GoodRequest, GivesTheMessage) {
  const GoodRow& row = GetParam();
  const auto message = Read(row.method, row.target, row.body);
  ASSERT_TRUE(message.ok()) << row.target << ": " << message.status();
  const std::unique_ptr<Message> expected((*message)->New());
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(row.text, expected.get()));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(**message, *expected)) << (*message)->DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    Paths, GoodRequest,
    ::testing::Values(GoodRow{"GET", "/v1/books/7", "", "id: '7'"},
                      GoodRow{"GET", "/v1/books/a%2Fb%20c%3Ad", "", "id: 'a/b c:d'"},
                      GoodRow{"GET", "/v1/books/a+b", "", "id: 'a+b'"},
                      GoodRow{"GET", "/v1/shelves/2/books/9", "", "shelf_id: '2' id: '9'"},
                      GoodRow{"GET", "/v1/books/7?shelfId=3", "", "id: '7' shelf_id: '3'"},
                      GoodRow{"POST", "/v1/books/7:lend", R"({"reader":"R"})", "id: '7' reader: 'R'"},
                      GoodRow{"POST", "/v1/books/7:lend", R"({"id":"7"})", "id: '7'"},
                      GoodRow{"POST", "/v1/books/7:lend", "", "id: '7'"}, GoodRow{"POST", "/v1/books", "", ""},
                      GoodRow{"POST", "/v1/books?requestNote=n", R"({"title":"T"})",
                              "book { title: 'T' } request_note: 'n'"},
                      GoodRow{"POST", "/v1/books", "{}", "book {}"}, GoodRow{"POST", "/v1/books", "null", ""}));

INSTANTIATE_TEST_SUITE_P(
    Queries, GoodRequest,
    ::testing::Values(
        GoodRow{"GET", "/v1/books?", "", ""}, GoodRow{"GET", "/v1/books?pageSize=10", "", "page_size: 10"},
        GoodRow{"GET", "/v1/books?page_size=10&&q=a+b%2Bc", "", "page_size: 10 q: 'a b+c'"},
        GoodRow{"GET", "/v1/books?q=%E2%82%AC", "", "q: '\u20ac'"}, GoodRow{"GET", "/v1/books?q=", "", ""},
        GoodRow{"GET", "/v1/books?q=a=b", "", "q: 'a=b'"}, GoodRow{"GET", "/v1/books?q", "", ""},
        GoodRow{"GET", "/v1/books?genres=NOVEL&genres=POETRY&genres=1", "", "genres: [NOVEL, POETRY, NOVEL]"},
        GoodRow{"GET", "/v1/books?lent=true", "", "lent: true"}, GoodRow{"GET", "/v1/books?lent=false", "", ""},
        GoodRow{"GET", "/v1/books?author.fullName=A&author.mentor.birth_year=1900", "",
                "author { full_name: 'A' mentor { birth_year: 1900 } }"},
        GoodRow{"GET", "/v1/books?since=2026-10-01T08:30:00Z", "", "since { seconds: 1790843400 }"},
        GoodRow{"GET", "/v1/books?readMask=title,author.fullName", "",
                "read_mask { paths: 'title' paths: 'author.full_name' }"},
        GoodRow{"GET", "/v1/books?signedCopy=true", "", "signed_copy { value: true }"},
        GoodRow{"GET", "/v1/books?barcode=0", "", "barcode: 0"},
        GoodRow{"GET", "/v1/books?digest=aGk%3D", "", "digest: 'hi'"},
        GoodRow{"GET", "/v1/books:search?q=x", "", "q: 'x'"}));

INSTANTIATE_TEST_SUITE_P(
    Masks, GoodRequest,
    ::testing::Values(
        GoodRow{"PATCH", "/v1/books/7", R"({"title":"T","pageCount":0})",
                "book { id: '7' title: 'T' } update_mask { paths: 'title' paths: 'page_count' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"id":"7","title":"T"})",
                "book { id: '7' title: 'T' } update_mask { paths: 'title' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"note":null,"author":null})",
                "book { id: '7' } update_mask { paths: 'note' paths: 'author' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"author":{"fullName":"A","mentor":{"birthYear":1}}})",
                "book { id: '7' author { full_name: 'A' mentor { birth_year: 1 } } } "
                "update_mask { paths: 'author.full_name' paths: 'author.mentor.birth_year' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"author":{"mentor":null}})",
                "book { id: '7' author {} } update_mask { paths: 'author.mentor' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"author":{}})",
                "book { id: '7' author {} } update_mask { paths: 'author' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"editors":[{"fullName":"E"}],"labels":{"a":"b"},"tags":[]})",
                "book { id: '7' editors { full_name: 'E' } labels { key: 'a' value: 'b' } } "
                "update_mask { paths: 'editors' paths: 'labels' paths: 'tags' }"},
        GoodRow{"PATCH", "/v1/books/7", R"({"printTime":"1970-01-01T00:00:05Z","subtitle":"s","readingTime":null})",
                "book { id: '7' print_time { seconds: 5 } subtitle { value: 's' } } "
                "update_mask { paths: 'print_time' paths: 'subtitle' paths: 'reading_time' }"},
        GoodRow{"PATCH", "/v1/books/7", "{}", "book { id: '7' } update_mask {}"},
        GoodRow{"PATCH", "/v1/books/7?updateMask=title,author.fullName", R"({"pageCount":3})",
                "book { id: '7' page_count: 3 } update_mask { paths: 'title' paths: 'author.full_name' }"},
        GoodRow{"PATCH", "/v1/books/7?update_mask=*&dryRun=true", R"({"title":"T"})",
                "book { id: '7' title: 'T' } update_mask { paths: '*' } dry_run: true"}));

struct BadRow {
  const char* method;
  const char* target;
  const char* body;
  const char* field;  // nullptr where the whole request is at fault
  const char* expected;
};

class BadRequest : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadRequest, IsRefusedWithItsPath) {
  const BadRow& row = GetParam();
  const absl::Status status = Read(row.method, row.target, row.body).status();
  ASSERT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << row.target;
  const base::ErrorDetail detail = base::DetailOf(status);
  EXPECT_EQ(detail.reason, base::Reason::kInvalidField);
  if (row.field == nullptr) {
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.expected));
    return;
  }
  ASSERT_EQ(detail.fields.size(), 1u) << status;
  EXPECT_EQ(detail.fields[0].field, row.field);
  EXPECT_THAT(detail.fields[0].expected, HasSubstr(row.expected));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadRequest,
    ::testing::Values(
        BadRow{
            "GET", "/v1/books?nothing=1", "", "nothing",
            "unknown query parameter; known: pageSize, q, genres, lent, since, readMask, signedCopy, barcode, digest"},
        BadRow{"GET", "/v1/books?pagesize=1", "", "pagesize", "unknown query parameter; did you mean pageSize?"},
        BadRow{"GET", "/v1/books?genre=NOVEL", "", "genre", "unknown query parameter; did you mean genres?"},
        BadRow{"GET", "/v1/books?author=x", "", "author", "unknown query parameter"},
        BadRow{"GET", "/v1/books?author.nothing=x", "", "author.nothing", "unknown query parameter"},
        BadRow{"GET", "/v1/books?editors.fullName=x", "", "editors.fullName", "unknown query parameter"},
        BadRow{"GET", "/v1/books?labels=x", "", "labels", "unknown query parameter"},
        BadRow{"GET", "/v1/books?labels.a=x", "", "labels.a", "unknown query parameter"},
        BadRow{"GET", "/v1/books?since.seconds=5", "", "since.seconds", "unknown query parameter"},
        BadRow{"GET", "/v1/books?=5", "", "body", "unknown query parameter"},
        BadRow{"GET", "/v1/books?q.=5", "", "q.", "unknown query parameter"},
        BadRow{"GET", "/v1/books?%3Cscript%3E=5", "", "?script?", "unknown query parameter"},
        BadRow{"GET", "/v1/books?q=1&q=2", "", "q", "one value"},
        BadRow{"GET", "/v1/books?page_size=1&pageSize=2", "", "pageSize", "one value"},
        BadRow{"GET", "/v1/books?pageSize=", "", "pageSize", "32-bit integer"},
        BadRow{"GET", "/v1/books?pageSize=x", "", "pageSize", "32-bit integer"},
        BadRow{"GET", "/v1/books?genres=3", "", "genres", "one of NOVEL, POETRY"},
        BadRow{"GET", "/v1/books?gr%C3%B6%C3%9Fe=1", "", "größe", "unknown query parameter"},
        BadRow{"GET", "/v1/books?lent=1", "", "lent", "true or false"},
        BadRow{"GET", "/v1/books?lent=TRUE", "", "lent", "true or false"},
        BadRow{"GET", "/v1/books?author.birthYear=x", "", "author.birthYear", "32-bit integer"},
        BadRow{"GET", "/v1/books?since=now", "", "since", "an instant"},
        BadRow{"GET", "/v1/books?readMask=a,,b", "", "readMask", "field paths"},
        BadRow{"GET", "/v1/books?signedCopy=yes", "", "signedCopy", "true or false"},
        BadRow{"GET", "/v1/books?q=%zz", "", nullptr, "malformed percent-encoding"},
        BadRow{"GET", "/v1/books?%ff=1", "", nullptr, "malformed percent-encoding"},
        BadRow{"GET", "/v1/books/%zz", "", nullptr, "malformed percent-encoding"},
        BadRow{"GET", "/v1/books/%c0%af", "", nullptr, "malformed percent-encoding"},
        BadRow{"GET", "/v1/books/7?id=7", "", "id", "in the path only"},
        BadRow{"GET", "/v1/books", "{}", nullptr, "takes no body"},
        BadRow{"DELETE", "/v1/books/7", "{}", nullptr, "takes no body"},
        BadRow{"POST", "/v1/books/7:lend?reader=R", "", "reader", "belongs into the body"},
        BadRow{"POST", "/v1/books/7:lend", R"({"id":"8"})", "id", "the value in the path"},
        BadRow{"POST", "/v1/books/7:lend", "[]", "body", "an object"},
        BadRow{"POST", "/v1/books?book.title=T", "", "book.title", "unknown query parameter"},
        BadRow{"POST", "/v1/books", R"({"book":{}})", "book", "unknown field"},
        BadRow{"POST", "/v1/books", R"({"editors":[{"birthYear":"x"}]})", "editors[0].birthYear", "32-bit integer"},
        BadRow{"POST", "/v1/books", "{\"title\":", nullptr, "not valid JSON"},
        BadRow{"PATCH", "/v1/books/7", R"({"id":"8","title":"T"})", "id", "the value in the path"},
        BadRow{"PATCH", "/v1/books/7", R"({"author":{"fullName":"A"},"id":"77"})", "id", "the value in the path"},
        BadRow{"PATCH", "/v1/books/7?updateMask=title&updateMask=id", R"({"title":"T"})", "updateMask", "one value"}));

TEST(ReadRequest, BoundsTheNumberOfParameters) {
  std::string target = "/v1/books?q=1";
  for (int i = 0; i < 300; ++i) target += "&genres=NOVEL";
  EXPECT_THAT(std::string(Read("GET", target).status().message()), HasSubstr("more than 200"));
}

}  // namespace
}  // namespace invoice::gateway
