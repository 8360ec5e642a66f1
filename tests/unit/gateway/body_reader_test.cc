#include "gateway/transcode/body_reader.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>

#include "base/status.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::Book;
using ::testing::HasSubstr;
using ::testing::Not;

const MessageTable& BookTable() {
  static const MessageTables* tables = MessageTables::Build({Book::descriptor()}).value().release();
  return *tables->Find("gateway.test.Book");
}

// Reads a Book; the status has all faults.
absl::Status Read(std::string_view json, Book* book) {
  FieldFaults faults;
  std::string wire;
  BodyReader reader(json, &faults, &wire);
  if (!reader.ReadMessage(BookTable())) return reader.status();
  EXPECT_TRUE(book->ParseFromString(wire)) << json;
  return faults.ToStatus();
}

struct GoodRow {
  const char* json;
  const char* text;  // the message in protobuf's text form
};

class GoodJson : public ::testing::TestWithParam<GoodRow> {};

TEST_P(GoodJson, GivesTheMessage) {
  Book book;
  ASSERT_TRUE(Read(GetParam().json, &book).ok()) << GetParam().json << Read(GetParam().json, &book);
  Book expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(GetParam().text, &expected));
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(book, expected)) << book.DebugString();
}

INSTANTIATE_TEST_SUITE_P(
    Rows, GoodJson,
    ::testing::Values(
        GoodRow{"{}", ""}, GoodRow{R"({"title":"x"})", "title: 'x'"}, GoodRow{R"({"pageCount":5})", "page_count: 5"},
        GoodRow{R"({"page_count":5})", "page_count: 5"}, GoodRow{R"({"pageCount":"-5"})", "page_count: -5"},
        GoodRow{R"({"pageCount":1.0})", "page_count: 1"}, GoodRow{R"({"pageCount":1.5e3})", "page_count: 1500"},
        GoodRow{R"({"pageCount":-2147483648})", "page_count: -2147483648"},
        GoodRow{R"({"copiesSold":"9223372036854775807"})", "copies_sold: 9223372036854775807"},
        GoodRow{R"({"copiesSold":-9223372036854775808})", "copies_sold: -9223372036854775808"},
        GoodRow{R"({"shelfNumber":4294967295})", "shelf_number: 4294967295"},
        GoodRow{R"({"barcode":18446744073709551615})", "barcode: 18446744073709551615"},
        GoodRow{R"({"weight":1.25,"height":"0.5"})", "weight: 1.25 height: 0.5"},
        GoodRow{R"({"weight":3})", "weight: 3"}, GoodRow{R"({"lent":true})", "lent: true"},
        GoodRow{R"({"cover":"aGk="})", "cover: 'hi'"}, GoodRow{R"({"cover":"aGk"})", "cover: 'hi'"},
        GoodRow{R"({"cover":"-_-_"})", R"(cover: "\373\377\277")"},
        GoodRow{R"({"cover":"+/+/"})", R"(cover: "\373\377\277")"}, GoodRow{R"({"cover":""})", ""},
        GoodRow{R"({"genre":"POETRY"})", "genre: POETRY"}, GoodRow{R"({"genre":2})", "genre: POETRY"},
        GoodRow{R"({"genre":"1","otherGenres":[0,"2"]})", "genre: NOVEL other_genres: [GENRE_UNSPECIFIED, POETRY]"},
        GoodRow{R"({"genre":"GENRE_UNSPECIFIED"})", ""},
        GoodRow{R"({"author":{"fullName":"A","mentor":{"birth_year":1900}}})",
                "author { full_name: 'A' mentor { birth_year: 1900 } }"},
        GoodRow{R"({"author":{}})", "author {}"},
        GoodRow{R"({"author":null,"title":null,"tags":null,"labels":null})", ""},
        GoodRow{R"({"tags":["a","b"],"editors":[{"fullName":"E"},{}]})",
                "tags: 'a' tags: 'b' editors { full_name: 'E' } editors {}"},
        GoodRow{R"({"tags":[]})", ""},
        GoodRow{R"({"otherGenres":["NOVEL","POETRY"]})", "other_genres: [NOVEL, POETRY]"},
        GoodRow{R"({"labels":{"x":"1","":"2"}})", "labels { key: 'x' value: '1' } labels { key: '' value: '2' }"},
        GoodRow{R"({"chapters":{"7":{"fullName":"C"}}})", "chapters { key: 7 value { full_name: 'C' } }"},
        GoodRow{R"({"printTime":"2026-10-01T08:30:00Z"})", "print_time { seconds: 1790843400 }"},
        GoodRow{R"({"printTime":"2026-10-01T10:30:00.5+02:00"})",
                "print_time { seconds: 1790843400 nanos: 500000000 }"},
        GoodRow{R"({"readingTime":"1.5s"})", "reading_time { seconds: 1 nanos: 500000000 }"},
        GoodRow{R"({"subtitle":"s","edition":"3"})", "subtitle { value: 's' } edition { value: 3 }"},
        GoodRow{R"({"subtitle":""})", "subtitle {}"}, GoodRow{R"({"subtitle":null})", ""},
        GoodRow{R"({"amount":"1"})", "amount: '1'"}, GoodRow{R"({"amount":"1","percent":null})", "amount: '1'"},
        GoodRow{R"({"note":""})", "note: ''"}, GoodRow{R"({"note":null})", ""},
        GoodRow{R"({"shown":"title,author.fullName,author.birth_year"})",
                "shown { paths: 'title' paths: 'author.full_name' paths: 'author.birth_year' }"},
        GoodRow{R"({"shown":""})", "shown {}"}, GoodRow{R"({"shown":"*"})", "shown { paths: '*' }"}));

struct BadRow {
  const char* json;
  const char* field;
  const char* expected;
};

class BadJson : public ::testing::TestWithParam<BadRow> {};

TEST_P(BadJson, IsRefusedWithItsPath) {
  Book book;
  const absl::Status status = Read(GetParam().json, &book);
  ASSERT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << GetParam().json;
  const base::ErrorDetail detail = base::DetailOf(status);
  EXPECT_EQ(detail.reason, base::Reason::kInvalidField);
  ASSERT_EQ(detail.fields.size(), 1u) << status;
  EXPECT_EQ(detail.fields[0].field, GetParam().field);
  EXPECT_THAT(detail.fields[0].expected, HasSubstr(GetParam().expected));
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, BadJson,
    ::testing::Values(
        BadRow{"[]", "body", "an object"}, BadRow{"1", "body", "an object"}, BadRow{"null", "body", "an object"},
        BadRow{"\"secret\"", "body", "an object"},
        BadRow{R"({"nothing":1})", "nothing",
               "unknown field; known: id, title, pageCount, copiesSold, shelfNumber, barcode, weight, height, lent, "
               "cover, genre, author, ..."},
        BadRow{R"({"printed":1})", "printed", "unknown field"}, BadRow{R"({"pages":1})", "pages", "unknown field"},
        BadRow{R"({"time":1})", "time", "did you mean printTime?"},
        BadRow{R"({"Title":"x"})", "Title", "unknown field; did you mean title?"},
        BadRow{R"({"":"x"})", "body", "unknown field"}, BadRow{R"({"PageCount":1})", "PageCount", "unknown field"},
        BadRow{R"({"pagecount":1})", "pagecount", "unknown field; did you mean pageCount?"},
        BadRow{R"({"2":"x"})", "2", "unknown field"}, BadRow{R"({"<script>":1})", "?script?", "unknown field"},
        BadRow{R"({"größe":1})", "größe", "unknown field"},
        BadRow{R"({"\u0928\u093f":1})", "\u0928\u093f", "unknown field"},
        BadRow{R"({"a\u202eb\u0085c\u200bd\u00a0":1})", "a?b?c?d?", "unknown field"},
        BadRow{R"({"title":5})", "title", "a string"}, BadRow{R"({"title":true})", "title", "a string"},
        BadRow{R"({"title":["secret"]})", "title", "a string"}, BadRow{R"({"title":{}})", "title", "a string"},
        BadRow{R"({"pageCount":"x"})", "pageCount", "32-bit integer"},
        BadRow{R"({"pageCount":""})", "pageCount", "integer"}, BadRow{R"({"pageCount":" 1"})", "pageCount", "integer"},
        BadRow{R"({"pageCount":"+1"})", "pageCount", "integer"},
        BadRow{R"({"pageCount":"0x1"})", "pageCount", "integer"},
        BadRow{R"({"pageCount":1.5})", "pageCount", "integer"},
        BadRow{R"({"pageCount":2147483648})", "pageCount", "integer"},
        BadRow{R"({"pageCount":-2147483649})", "pageCount", "integer"},
        BadRow{R"({"pageCount":1e300})", "pageCount", "integer"},
        BadRow{R"({"pageCount":true})", "pageCount", "integer"}, BadRow{R"({"pageCount":[1]})", "pageCount", "integer"},
        BadRow{R"({"page_count":1,"pageCount":2})", "pageCount", "one spelling"},
        BadRow{R"({"page_count":null,"pageCount":2})", "pageCount", "one spelling"},
        BadRow{R"({"copiesSold":9223372036854775808})", "copiesSold", "64-bit"},
        BadRow{R"({"copiesSold":"9223372036854775808"})", "copiesSold", "64-bit"},
        BadRow{R"({"copiesSold":1e17})", "copiesSold", "64-bit"},
        BadRow{R"({"shelfNumber":-1})", "shelfNumber", "not negative"},
        BadRow{R"({"shelfNumber":4294967296})", "shelfNumber", "32-bit"},
        BadRow{R"({"barcode":-1})", "barcode", "not negative"},
        BadRow{R"({"barcode":"18446744073709551616"})", "barcode", "64-bit"},
        BadRow{R"({"weight":"NaN"})", "weight", "finite"}, BadRow{R"({"weight":"Infinity"})", "weight", "finite"},
        BadRow{R"({"weight":"1,5"})", "weight", "finite"}, BadRow{R"({"weight":true})", "weight", "finite"},
        BadRow{R"({"height":1e39})", "height", "single precision"},
        BadRow{R"({"lent":"true"})", "lent", "true or false"}, BadRow{R"({"lent":1})", "lent", "true or false"},
        BadRow{R"({"cover":"a"})", "cover", "base64"}, BadRow{R"({"cover":"a b="})", "cover", "base64"},
        BadRow{R"({"cover":"aGk=="})", "cover", "base64"}, BadRow{R"({"cover":5})", "cover", "base64"},
        BadRow{R"({"genre":3})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":"3"})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":-1})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":1.5})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":true})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":"novel"})", "genre", "one of NOVEL, POETRY"},
        BadRow{R"({"genre":"SECRET"})", "genre", "one of"}, BadRow{R"({"author":[]})", "author", "an object"},
        BadRow{R"({"author":"secret"})", "author", "an object"},
        BadRow{R"({"author":{"mentor":{"birthYear":"x"}}})", "author.mentor.birthYear", "integer"},
        BadRow{R"({"author":{"mentor":{"noField":1}}})", "author.mentor.noField", "unknown field"},
        BadRow{R"({"tags":"secret"})", "tags", "a list"}, BadRow{R"({"tags":{}})", "tags", "a list"},
        BadRow{R"({"tags":["a",5]})", "tags[1]", "a string"}, BadRow{R"({"tags":[null]})", "tags[0]", "not null"},
        BadRow{R"({"tags":[["secret"]]})", "tags[0]", "a string"},
        BadRow{R"({"editors":[{},{"fullName":7}]})", "editors[1].fullName", "a string"},
        BadRow{R"({"editors":[null]})", "editors[0]", "not null"},
        BadRow{R"({"otherGenres":["NOVEL",3]})", "otherGenres[1]", "one of"},
        BadRow{R"({"labels":[]})", "labels", "an object"}, BadRow{R"({"labels":{"a":1}})", "labels.a", "a string"},
        BadRow{R"({"labels":{"a":null}})", "labels.a", "not null"},
        BadRow{R"({"chapters":{"x":{}}})", "chapters.x", "32-bit integer"},
        BadRow{R"({"chapters":{"1":[]}})", "chapters.1", "an object"},
        BadRow{R"({"printTime":"yesterday"})", "printTime", "an instant"},
        BadRow{R"({"printTime":5})", "printTime", "an instant"},
        BadRow{R"({"printTime":"2026-13-01T00:00:00Z"})", "printTime", "an instant"},
        BadRow{R"({"printTime":"2026-02-30T00:00:00Z"})", "printTime", "an instant"},
        BadRow{R"({"printTime":"2026-10-01"})", "printTime", "an instant"},
        BadRow{R"({"printTime":{}})", "printTime", "an instant"},
        BadRow{R"({"readingTime":"5"})", "readingTime", "a duration"},
        BadRow{R"({"readingTime":5})", "readingTime", "a duration"},
        BadRow{R"({"subtitle":5})", "subtitle", "a string"},
        BadRow{R"({"subtitle":{"value":"x"}})", "subtitle", "a string"},
        BadRow{R"({"edition":"x"})", "edition", "64-bit integer"},
        BadRow{R"({"amount":"1","percent":"2"})", "percent", "only one of amount, percent"},
        BadRow{R"({"shown":"a,,b"})", "shown", "field paths"}, BadRow{R"({"shown":"a,"})", "shown", "field paths"},
        BadRow{R"({"shown":"a b"})", "shown", "field paths"}, BadRow{R"({"shown":".a"})", "shown", "field paths"},
        BadRow{R"({"shown":["a"]})", "shown", "field paths"}, BadRow{R"({"shown":"a.*"})", "shown", "field paths"}));

TEST(BodyReader, ReportsAllFaultsOfARequest) {
  Book book;
  const base::ErrorDetail detail =
      base::DetailOf(Read(R"({"title":1,"lent":"x","editors":[{"fullName":2}],"no":0})", &book));
  std::vector<std::string> fields;
  for (const auto& fault : detail.fields) fields.push_back(fault.field);
  EXPECT_THAT(fields, ::testing::ElementsAre("title", "lent", "editors[0].fullName", "no"));
}

TEST(BodyReader, BoundsTheNumberOfFaults) {
  std::string json = R"({"tags":[)";
  for (int i = 0; i < 5000; ++i) json += "1,";
  Book book;
  EXPECT_LE(base::DetailOf(Read(json + "1]}", &book)).fields.size(), 20u);
}

TEST(BodyReader, CutsLongNames) {
  Book book;
  const absl::Status status = Read("{\"" + std::string(100'000, 'x') + "\":1}", &book);
  EXPECT_LT(status.message().size(), 200u);
}

}  // namespace
}  // namespace invoice::gateway
