#include "gateway/routes/routes.h"

#include <gmock/gmock.h>
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include "fmt/format.h"
#include "invoice/v1/annotations.pb.h"
#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;

TEST(Routes, AreBuiltFromALinkedPackage) {
  const auto routes = Routes::Build("gateway.test");
  ASSERT_TRUE(routes.ok()) << routes.status();
  const RouteTable& table = (*routes)->table();
  EXPECT_EQ((*routes)->all().size(), 11u);
  const RouteTable::Match match = table.Find("GET", "/v1/shelves/2/books/9");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.route->rpc, "/gateway.test.ShelfService/GetBook");
  EXPECT_EQ(match.route->path, "/v1/shelves/{shelfId}/books/{id}");
  EXPECT_TRUE(table.Find("GET", "/v1/books/9/cover").route->raw_body.has_value());
  EXPECT_TRUE(table.Find("GET", "/v1/books/9:readAloud").route->server_streaming);
  EXPECT_NE(table.Find("PATCH", "/v1/books/9").route->update_mask, nullptr);
  EXPECT_EQ(table.Find("POST", "/v1/books").route->update_mask, nullptr);
}

TEST(Routes, OfTheRealApiBuild) {
  const auto routes = Routes::Build("invoice.v1");
  ASSERT_TRUE(routes.ok()) << routes.status();
  EXPECT_NE((*routes)->table().Find("POST", "/api/v1/invoices:runQuick").route, nullptr);
  for (const auto& route : (*routes)->all()) {
    EXPECT_TRUE(route->path.starts_with("/api/v1/")) << route->path;
    EXPECT_TRUE(route->http_method != "PATCH" || route->update_mask != nullptr) << route->path << " has no mask";
  }
}

TEST(Routes, APackageWithoutServicesIsAFault) {
  EXPECT_EQ(Routes::Build("no.such.package").status().code(), absl::StatusCode::kNotFound);
}

// Builds routes for one service with the given rules, each for a method of its own.
absl::Status Build(const std::vector<std::string>& rules) {
  google::protobuf::FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    name: "t.proto" package: "t" syntax: "proto3"
    message_type { name: "Inner" field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL } }
    message_type { name: "Request"
      field { name: "id" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
      field { name: "inner" number: 2 type: TYPE_MESSAGE type_name: ".t.Inner" label: LABEL_OPTIONAL }
      field { name: "list" number: 3 type: TYPE_STRING label: LABEL_REPEATED }
      field { name: "map" number: 4 type: TYPE_MESSAGE type_name: ".t.Request.MapEntry" label: LABEL_REPEATED }
      nested_type { name: "MapEntry" options { map_entry: true }
        field { name: "key" number: 1 type: TYPE_STRING label: LABEL_OPTIONAL }
        field { name: "value" number: 2 type: TYPE_STRING label: LABEL_OPTIONAL }
      }
    }
    service { name: "S" })",
                                                            &file));
  for (size_t i = 0; i < rules.size(); ++i) {
    auto* method = file.mutable_service(0)->add_method();
    method->set_name("M" + std::to_string(i));
    method->set_input_type(".t.Request");
    method->set_output_type(".t.Inner");
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
        rules[i], method->mutable_options()->MutableExtension(google::api::http)));
  }
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  if (built == nullptr) return absl::InternalError("the test's own proto is wrong");
  return Routes::Build({built->service(0)}).status();
}

TEST(Routes, GoodRulesBuild) {
  EXPECT_TRUE(Build({R"(get: "/a/{id}")", R"(post: "/a" body: "*")", R"(put: "/a/{inner.id}" body: "inner")",
                     R"(post: "/b" body: "list")", R"(get: "/c" additional_bindings { get: "/d" })",
                     R"(get: "/e/{id=**}" response_body: "id")", R"(custom { kind: "*" path: "/e/{id=**}" } body: "*")",
                     R"(get: "/f" selector: "t.S.M7")"})
                  .ok());
}

TEST(Routes, BadRulesFailTheStartAndNameTheMethod) {
  struct Row {
    std::vector<std::string> rules;
    const char* message;
  };
  for (const Row& row : {
           Row{{R"(body: "*")"}, "t.S.M0: a rule needs one of"},
           Row{{R"(custom { kind: "GET" path: "/a" })"}, "GET is no custom kind"},
           Row{{R"(custom { kind: "OPTIONS" path: "/a" })"}, "OPTIONS is no custom kind"},
           Row{{R"(custom { kind: "purge" path: "/a" })"}, "a method in capital letters"},
           Row{{R"(custom { path: "/a" })"}, "a method in capital letters"},
           Row{{R"(custom { kind: "HEAD" path: "/a" } body: "*")"}, "HEAD takes no body"},
           Row{{R"(get: "/a" selector: "t.S.M9")"}, "the selector t.S.M9 is of another method"},
           Row{{R"(get: "/a" additional_bindings { get: "/b" additional_bindings { get: "/c" } })"},
               "additional_bindings within"},
           Row{{R"(get: "a")"}, "bad path template"},
           Row{{R"(get: "/a/{id=**}/b")"}, "nothing but a verb may follow **"},
           Row{{R"(get: "/a/{nothing}")"}, "no single field nothing"},
           Row{{R"(get: "/a/{inner.nothing}")"}, "no single field inner.nothing"},
           Row{{R"(get: "/a/{id.x}")"}, "no single field id.x"},
           Row{{R"(get: "/a/{list}")"}, "no single field list"},
           Row{{R"(get: "/a/{inner}")"}, "not a scalar"},
           Row{{R"(get: "/a/{id}/{id}")"}, "twice"},
           Row{{R"(get: "/a" body: "*")"}, "takes no body"},
           Row{{R"(delete: "/a" body: "inner")"}, "takes no body"},
           Row{{R"(post: "/a" body: "nothing")"}, "no field nothing"},
           Row{{R"(post: "/a" body: "inner.id")"}, "no field inner.id"},
           Row{{R"(post: "/a" body: "map")"}, "map is a map and cannot be the body"},
           Row{{R"(post: "/a/{id}" body: "id")"}, "id is in the path and the body"},
           Row{{R"(get: "/a/{map}")"}, "no single field map"},
           Row{{R"(get: "/a" response_body: "nothing")"}, "no field nothing for the answer"},
           Row{{R"(get: "/a/{id}")", R"(get: "/a/{inner.id}")"}, "t.S.M1: two routes"},
           Row{{R"(get: "/a" additional_bindings { get: "/a" })"}, "two routes"},
       }) {
    const absl::Status status = Build(row.rules);
    EXPECT_FALSE(status.ok()) << row.rules.front();
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.message));
  }
}

// Builds routes for one streaming method with these fields of its request and its answer.
absl::Status BuildStream(const std::string& request, const std::string& response) {
  google::protobuf::FileDescriptorProto file;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      fmt::format(
          R"(name: "s.proto" package: "s" syntax: "proto3" message_type {{ name: "Q" {} }} message_type {{ name: "R" {} }}
      service {{ name: "S" method {{ name: "M" input_type: ".s.Q" output_type: ".s.R" server_streaming: true
      options {{ [google.api.http] {{ get: "/a/{{id}}" }} }} }} }})",
          request, response),
      &file));
  google::protobuf::DescriptorPool pool(google::protobuf::DescriptorPool::generated_pool());
  const auto* built = pool.BuildFile(file);
  if (built == nullptr) return absl::InternalError("the test's own proto is wrong");
  return Routes::Build({built->service(0)}).status();
}

std::string Field(int number, const char* name, const char* type, const char* option, bool repeated = false) {
  return fmt::format("field {{ name: '{}' number: {} type: TYPE_{} label: LABEL_{} options {{ {} }} }}", name, number,
                     type, repeated ? "REPEATED" : "OPTIONAL", option);
}

TEST(Routes, PositionsOfEventsMustFit) {
  const char* const from = "[invoice.v1.resume_from]: true";
  const char* const event = "[invoice.v1.event_id]: true";
  const std::string id = Field(1, "id", "STRING", "");
  const std::string after = Field(2, "after", "INT64", from);
  const std::string at = Field(1, "at", "INT64", event);
  EXPECT_TRUE(BuildStream(id + after, at).ok());
  struct Row {
    std::string request;
    std::string response;
    const char* message;
  };
  for (const Row& row :
       {Row{id, at, "need each other"}, Row{id + after, Field(1, "at", "INT64", ""), "need each other"},
        Row{id + after, Field(1, "at", "STRING", event), "two types"},
        Row{id + after, Field(1, "at", "INT64", event, true), "at is no single string or integer"},
        Row{id + after, Field(1, "at", "DOUBLE", event), "at is no single string or integer"},
        Row{id + after, at + Field(2, "on", "INT64", event), "two positions"},
        Row{Field(1, "id", "INT64", from), at, "resume_from is in the path"}}) {
    EXPECT_THAT(std::string(BuildStream(row.request, row.response).message()), HasSubstr(row.message));
  }
}

}  // namespace
}  // namespace invoice::gateway
