#include "gateway/routes/route_table.h"

#include <gmock/gmock.h>

#include <deque>

#include "fmt/format.h"
#include "gateway/routes/percent.h"
#include "gateway/routes/routes.h"

namespace invoice::gateway {
namespace {

using ::testing::ElementsAre;

// A table whose routes remember how they were written.
class RouteTableTest : public ::testing::Test {
 protected:
  RouteTableTest() {
    for (const char* rule :
         {"GET /v1/books", "POST /v1/books", "GET /v1/books/{id}", "PATCH /v1/books/{book.id}",
          "POST /v1/books/{id}:lend", "GET /v1/books:search", "GET /v1/books/plans/{hash}/items",
          "GET /v1/books/{id}/results", "GET /v1/books/special", "GET /v1/a/{x}/b/{y}/c", "PUT /v1/{x=*}/b"}) {
      EXPECT_TRUE(Add(rule).ok()) << rule;
    }
  }

  absl::Status Add(std::string_view rule) {
    const size_t blank = rule.find(' ');
    Route& route = routes_.emplace_back();
    route.path = rule;
    const auto path = ParsePathTemplate(rule.substr(blank + 1));
    return path.ok() ? table_.Add(*path, rule.substr(0, blank), &route) : path.status();
  }

  std::string Find(std::string_view method, std::string_view path) {
    match_ = table_.Find(method, path);
    return match_.route == nullptr ? "" : match_.route->path;
  }

  std::deque<Route> routes_;
  RouteTable table_;
  RouteTable::Match match_;
};

TEST_F(RouteTableTest, FindsRoutes) {
  struct Row {
    const char* method;
    const char* path;
    const char* rule;
  };
  for (const Row& row : {
           Row{"GET", "/v1/books", "GET /v1/books"},
           Row{"POST", "/v1/books", "POST /v1/books"},
           Row{"GET", "/v1/books/7", "GET /v1/books/{id}"},
           Row{"PATCH", "/v1/books/7", "PATCH /v1/books/{book.id}"},
           Row{"POST", "/v1/books/7:lend", "POST /v1/books/{id}:lend"},
           Row{"GET", "/v1/books:search", "GET /v1/books:search"},
           Row{"GET", "/v1/books/plans/x/items", "GET /v1/books/plans/{hash}/items"},
           Row{"GET", "/v1/books/plans/results", "GET /v1/books/{id}/results"},
           Row{"GET", "/v1/books/special", "GET /v1/books/special"},
           Row{"PATCH", "/v1/books/special", "PATCH /v1/books/{book.id}"},
           Row{"GET", "/v1/a/1/b/2/c", "GET /v1/a/{x}/b/{y}/c"},
           Row{"PUT", "/v1/books/b", "PUT /v1/{x=*}/b"},
       }) {
    EXPECT_EQ(Find(row.method, row.path), row.rule) << row.method << " " << row.path;
  }
}

TEST_F(RouteTableTest, GivesTheSegmentsOfWildcards) {
  Find("GET", "/v1/a/%20x/b/y%2Fz/c");
  EXPECT_THAT(match_.variables, ElementsAre("%20x", "y%2Fz"));
  Find("POST", "/v1/books/a%3Ab:lend");
  EXPECT_THAT(match_.variables, ElementsAre("a%3Ab"));
}

TEST_F(RouteTableTest, KnowsPathsThatAreNotThere) {
  for (const char* path : {"", "/", "v1/books", "/v1", "/v1/books/", "//v1/books", "/v1//books", "/v1/books/7/",
                           "/v1/books/7/x", "/v1/books/7:nothing", "/v1/books/7:", "/v1/books:lend",
                           "/v1/books/7:lend:lend", "/V1/books", "/v1/books/:lend", "*", "/v1/books/plans/x/items/y"}) {
    EXPECT_EQ(Find("GET", path), "") << path;
    EXPECT_TRUE(match_.allowed.empty()) << path;
  }
}

TEST_F(RouteTableTest, NamesTheMethodsOfAPath) {
  EXPECT_EQ(Find("DELETE", "/v1/books"), "");
  EXPECT_THAT(match_.allowed, ElementsAre("GET", "POST"));
  EXPECT_EQ(Find("DELETE", "/v1/books/special"), "");
  EXPECT_THAT(match_.allowed, ElementsAre("GET", "PATCH"));
  EXPECT_EQ(Find("GET", "/v1/books/7:lend"), "");
  EXPECT_THAT(match_.allowed, ElementsAre("POST"));
  EXPECT_EQ(Find("get", "/v1/books"), "");
}

TEST_F(RouteTableTest, RefusesDoubleRoutes) {
  EXPECT_EQ(Add("GET /v1/books").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Add("GET /v1/books/{other}").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Add("GET /v1/books/*").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(Add("POST /v1/books/{x}:lend").code(), absl::StatusCode::kAlreadyExists);
  EXPECT_TRUE(Add("GET /v1/books/{x}:lend").ok());
  EXPECT_TRUE(Add("GET /v1/{x=books/**}").ok());
  EXPECT_EQ(Add("GET /v1/books/**").code(), absl::StatusCode::kAlreadyExists);
}

TEST(PathTemplate, RefusesWhatTheGrammarDoesNotHave) {
  for (const char* text :
       {"",           "v1",         "/",          "/v1/",        "/v1//x",       "/v1/{",       "/v1/}",
        "/v1/{}",     "/v1/{x",     "/v1/{x}y",   "/v1/a b",     "/v1/x:",       "/v1/{x}:a:b", "/v1/{x}:{y}",
        "/v1/{x=}",   "/v1/{x=/a}", "/v1/{x=a/}", "/v1/{x={y}}", "/v1/{x=a{y}}", "/v1/{x=a:b}", "/v1/{x.}",
        "/v1/{.x}",   "/v1/{x..y}", "/v1/{1x}",   "/v1/{x-y}",   "/v1/***",      "/v1/*a",      "/v1/a*",
        "/v1/{x=*a}", "/v1/{*}",    "/v1/%41",    "/v1/x?y",     "/v1/{x}{y}",   "/v1/\u00e9",  ":verb"}) {
    EXPECT_FALSE(ParsePathTemplate(text).ok()) << text;
  }
  for (const char* text : {"/v1/**/x", "/v1/{x=**}/y", "/v1/{x=**/y}", "/v1/{x=**}/**", "/**/*"}) {
    EXPECT_EQ(ParsePathTemplate(text).status().message(),
              fmt::format("bad path template: {}: nothing but a verb may follow **", text));
  }
}

TEST(PathTemplate, ReadsTheWholeGrammar) {
  for (const char* text : {"/v1", "/*", "/**", "/v1/*/x", "/v1/**:verb", "/{x}", "/{x=*}", "/{x=**}:v",
                           "/{a.b_c.d1=e/*/f/**}", "/v1/{x=a}/{y}", "/v1.2/a-b/c_d/~e"}) {
    EXPECT_TRUE(ParsePathTemplate(text).ok()) << text;
  }
  const PathTemplate path = ParsePathTemplate("/v1/{x=a/*}/{y}/{z=b/**}:verb").value();
  ASSERT_EQ(path.segments.size(), 6u);
  ASSERT_EQ(path.variables.size(), 3u);
  EXPECT_TRUE(path.variables[0].multi());
  EXPECT_FALSE(path.variables[1].multi());
  EXPECT_TRUE(path.variables[2].multi() && path.variables[2].rest);
  EXPECT_EQ(path.variables[2].begin, 4u);
  EXPECT_EQ(path.verb, "verb");
}

TEST(PercentDecode, Decodes) {
  EXPECT_EQ(PercentDecode("a%20b+c"), "a b+c");
  EXPECT_EQ(PercentDecode("a%20b+c", Encoded::kQuery), "a b c");
  EXPECT_EQ(PercentDecode("%c3%A9"), "\u00e9");
  EXPECT_EQ(PercentDecode("a%2Fb%2fc%3a+", Encoded::kSegment), "a/b/c:+");
  EXPECT_EQ(PercentDecode("a%2Fb%2fc%3a+", Encoded::kSegments), "a%2Fb%2fc:+");
  EXPECT_EQ(PercentDecode(""), "");
  for (const char* bad : {"%", "%1", "%zz", "%%20", "a%2", "%ff", "%c3", "%00", "%ed%a0%80", "% 20"}) {
    EXPECT_EQ(PercentDecode(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace invoice::gateway
