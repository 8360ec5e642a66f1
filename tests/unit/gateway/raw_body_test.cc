#include "gateway/routes/raw_body.h"

#include <gmock/gmock.h>

#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::File;

const RawBody& FileBody() {
  static const MessageTables* tables = MessageTables::Build({File::descriptor()}).value().release();
  const MessageTable& table = *tables->Find("gateway.test.File");
  static const RawBody raw{table.ByName("content_type"), table.ByName("data"), table.ByName("file_name")};
  return raw;
}

TEST(ReadRawBody, NeverLetsAContentTypeBreakAHeader) {
  for (const char* bad : {"", "pdf", "text/html\r\nX: y", "text/\x01"}) {
    File file;
    file.set_content_type(bad);
    const std::string wire = file.SerializeAsString();
    EXPECT_EQ(ReadRawBody(FileBody(), wire).value().content_type, "application/octet-stream");
  }
}

TEST(ReadRawBody, GivesThePartsWhereTheyLie) {
  File file;
  file.set_content_type("text/csv; charset=utf-8");
  file.set_data(std::string("a\0b", 3));
  file.set_file_name("x.csv");
  File before;
  before.set_data("gone");
  const std::string wire = before.SerializeAsString() + file.SerializeAsString();
  const RawFileView view = ReadRawBody(FileBody(), wire).value();
  EXPECT_EQ(view.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(view.data, std::string("a\0b", 3));
  EXPECT_EQ(view.name, "x.csv");
  EXPECT_GE(view.data.data(), wire.data());
  EXPECT_LE(view.data.data(), wire.data() + wire.size());
}

TEST(ReadRawBody, RefusesMalformedBytes) {
  for (const char* bad : {"\x0a", "\x12\x05x", "\x1a\x01\xff", "\x0c", "\xff"}) {
    EXPECT_EQ(ReadRawBody(FileBody(), bad).status().code(), absl::StatusCode::kInternal);
  }
}

}  // namespace
}  // namespace invoice::gateway
