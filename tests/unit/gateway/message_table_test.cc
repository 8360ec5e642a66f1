#include "gateway/transcode/message_table.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/text_format.h>

#include "gateway/transcode/wire.h"
#include "kinds.pb.h"

namespace invoice::gateway {
namespace {

using ::testing::HasSubstr;

TEST(MessageTables, HaveTheMessagesWithinAndTheWellKnownTypes) {
  const auto tables = MessageTables::Build({::gateway::test::Everything::descriptor()}).value();
  for (const char* name : {"gateway.test.Everything", "gateway.test.Singles", "google.protobuf.Any",
                           "google.protobuf.Duration", "google.protobuf.StringValue"}) {
    EXPECT_NE(tables->Find(name), nullptr) << name;
  }
  EXPECT_EQ(tables->Find("gateway.test.Book"), nullptr);
}

TEST(MessageTables, FindFieldsByNumberAndByBothNames) {
  const auto tables = MessageTables::Build({::gateway::test::Singles::descriptor()}).value();
  const MessageTable& table = *tables->Find("gateway.test.Singles");
  EXPECT_EQ(table.ByNumber(1), table.ByName("int32_field"));
  EXPECT_EQ(table.ByNumber(1), table.ByName("int32Field"));
  EXPECT_EQ(table.ByNumber(70'000), table.ByName("far"));
  EXPECT_EQ(table.ByName("own<name>")->label, R"(,"own\u003cname\u003e":)");
  for (const uint32_t number : {0U, 200U, 255U, 256U, 69'999U, UINT32_MAX}) EXPECT_EQ(table.ByNumber(number), nullptr);
  EXPECT_EQ(table.ByName("Int32Field"), nullptr);
}

TEST(MessageTables, KnowWhatAbsentFieldsLookLike) {
  const auto tables = MessageTables::Build({::gateway::test::Everything::descriptor()}).value();
  const MessageTable& singles = *tables->Find("gateway.test.Singles");
  EXPECT_EQ(singles.ByName("int64_field")->absent, R"(,"int64Field":"0")");
  EXPECT_EQ(singles.ByName("colour")->absent, R"(,"colour":"COLOUR_UNSPECIFIED")");
  EXPECT_EQ(singles.ByName("inner")->absent, "");
  EXPECT_EQ(tables->Find("gateway.test.Lists")->ByName("inner")->absent, R"(,"inner":[])");
  EXPECT_EQ(tables->Find("gateway.test.Maps")->ByName("values")->absent, R"(,"values":{})");
  EXPECT_EQ(tables->Find("gateway.test.Optionals")->ByName("text")->absent, "");
  EXPECT_EQ(tables->Find("gateway.test.Alternatives")->ByName("number")->absent, "");
}

TEST(MessageTables, RefuseGroups) {
  google::protobuf::FileDescriptorProto file;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(R"(
    name: "old.proto" package: "old" syntax: "proto2"
    message_type { name: "M"
      field { name: "g" number: 1 type: TYPE_GROUP type_name: ".old.M.G" label: LABEL_OPTIONAL }
      nested_type { name: "G" }
    })",
                                                            &file));
  google::protobuf::DescriptorPool pool;
  const auto* built = pool.BuildFile(file);
  ASSERT_NE(built, nullptr);
  EXPECT_THAT(std::string(MessageTables::Build({built->message_type(0)}).status().message()),
              HasSubstr("old.M.g is a group"));
}

}  // namespace
}  // namespace invoice::gateway
