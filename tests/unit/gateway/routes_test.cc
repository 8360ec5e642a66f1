#include "gateway/routes/routes.h"

#include <gmock/gmock.h>
#include <google/api/annotations.pb.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

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
  EXPECT_EQ(match.route->path, "/v1/shelves/{shelf_id}/books/{id}");
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
                     R"(post: "/b" body: "list")", R"(get: "/c" additional_bindings { get: "/d" })"})
                  .ok());
}

TEST(Routes, BadRulesFailTheStartAndNameTheMethod) {
  struct Row {
    std::vector<std::string> rules;
    const char* message;
  };
  for (const Row& row : {
           Row{{R"(body: "*")"}, "t.S.M0: a rule needs one of"},
           Row{{R"(custom { kind: "HEAD" path: "/a" })"}, "a rule needs one of"},
           Row{{R"(get: "a")"}, "bad path template"},
           Row{{R"(get: "/a/{id=**}")"}, "bad path template"},
           Row{{R"(get: "/a/{nothing}")"}, "no single field nothing"},
           Row{{R"(get: "/a/{inner.nothing}")"}, "no single field inner.nothing"},
           Row{{R"(get: "/a/{id.x}")"}, "no single field id.x"},
           Row{{R"(get: "/a/{list}")"}, "no single field list"},
           Row{{R"(get: "/a/{inner}")"}, "not a scalar"},
           Row{{R"(get: "/a/{id}/{id}")"}, "twice"},
           Row{{R"(get: "/a" body: "*")"}, "takes no body"},
           Row{{R"(delete: "/a" body: "inner")"}, "takes no body"},
           Row{{R"(post: "/a" body: "nothing")"}, "no field nothing"},
           Row{{R"(get: "/a" response_body: "id")"}, "response_body"},
           Row{{R"(get: "/a/{id}")", R"(get: "/a/{inner.id}")"}, "t.S.M1: two routes"},
           Row{{R"(get: "/a" additional_bindings { get: "/a" })"}, "two routes"},
       }) {
    const absl::Status status = Build(row.rules);
    EXPECT_FALSE(status.ok()) << row.rules.front();
    EXPECT_THAT(std::string(status.message()), HasSubstr(row.message));
  }
}

}  // namespace
}  // namespace invoice::gateway
