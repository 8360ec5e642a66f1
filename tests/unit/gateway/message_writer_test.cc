#include "gateway/message_writer.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "shelf.pb.h"

namespace invoice::gateway {
namespace {

using ::gateway::test::Book;
using ::gateway::test::File;
using Json = nlohmann::json;

TEST(WriteJson, ShowsEmptyFieldsAndLeavesOutAbsentOnes) {
  const Json json = Json::parse(WriteJson(Book()).value());
  EXPECT_EQ(json["title"], "");
  EXPECT_EQ(json["pageCount"], 0);
  EXPECT_EQ(json["copiesSold"], "0");
  EXPECT_EQ(json["lent"], false);
  EXPECT_EQ(json["genre"], "GENRE_UNSPECIFIED");
  EXPECT_EQ(json["tags"], Json::array());
  EXPECT_EQ(json["labels"], Json::object());
  for (const char* absent : {"author", "note", "amount", "percent", "printTime", "subtitle"})
    EXPECT_FALSE(json.contains(absent)) << absent;
}

TEST(WriteJson, FollowsTheMapping) {
  Book book;
  book.set_copies_sold(9007199254740993);
  book.set_genre(Book::POETRY);
  book.set_cover("hi");
  book.mutable_print_time()->set_seconds(1790843400);
  book.mutable_subtitle()->set_value("s");
  book.set_note("");
  book.set_amount("1.00");
  (*book.mutable_labels())["snake_key"] = "v";
  const std::string text = WriteJson(book).value();
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const Json json = Json::parse(text);
  EXPECT_EQ(json["copiesSold"], "9007199254740993");
  EXPECT_EQ(json["genre"], "POETRY");
  EXPECT_EQ(json["cover"], "aGk=");
  EXPECT_EQ(json["printTime"], "2026-10-01T08:30:00Z");
  EXPECT_EQ(json["subtitle"], "s");
  EXPECT_EQ(json["note"], "");
  EXPECT_EQ(json["amount"], "1.00");
  EXPECT_EQ(json["labels"]["snake_key"], "v");
}

TEST(TakeFile, NeverLetsAContentTypeBreakAHeader) {
  const auto* descriptor = File::descriptor();
  const RawBody raw{descriptor->FindFieldByName("content_type"), descriptor->FindFieldByName("data"),
                    descriptor->FindFieldByName("file_name")};
  for (const char* bad : {"", "pdf", "text/html\r\nX: y", "text/\x01"}) {
    File file;
    file.set_content_type(bad);
    EXPECT_EQ(TakeFile(raw, &file).content_type, "application/octet-stream");
  }
  File file;
  file.set_content_type("text/csv; charset=utf-8");
  file.set_data(std::string("a\0b", 3));
  file.set_file_name("x.csv");
  const RawFile taken = TakeFile(raw, &file);
  EXPECT_EQ(taken.content_type, "text/csv; charset=utf-8");
  EXPECT_EQ(taken.data, std::string("a\0b", 3));
  EXPECT_EQ(taken.name, "x.csv");
}

}  // namespace
}  // namespace invoice::gateway
