#include "csv/table.h"

#include <gmock/gmock.h>

#include "absl/strings/str_cat.h"
#include "base/limits.h"
#include "base/status.h"

namespace invoice::csv {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

const Columns kColumns{.known = {"name", "email", "notes"}, .required = {"name"}};

// What is expected of a file that is refused.
std::string Expected(std::string_view bytes) {
  const auto table = Parse(bytes, kColumns);
  EXPECT_FALSE(table.ok());
  const base::ErrorDetail detail = base::DetailOf(table.status());
  EXPECT_EQ(detail.reason, base::Reason::kInvalidField);
  std::string expected;
  for (const auto& fault : detail.fields) {
    EXPECT_EQ(fault.field, "csv");
    expected += (expected.empty() ? "" : " + ") + fault.expected;
  }
  return expected;
}

TEST(ParseCsv, ReadsColumnsAndRowsWithTheirLines) {
  const auto table = Parse("email,name\na@b.example,\"Smith, Ann\"\n\nc@d.example,\"says \"\"hi\"\"\"", kColumns);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->columns, ElementsAre("email", "name"));
  ASSERT_THAT(table->rows, SizeIs(2));
  EXPECT_EQ(table->rows[0].line, 2);
  EXPECT_THAT(table->rows[0].cells, ElementsAre("a@b.example", "Smith, Ann"));
  EXPECT_EQ(table->rows[1].line, 4) << "a blank line is no row, but counts";
  EXPECT_THAT(table->rows[1].cells, ElementsAre("c@d.example", "says \"hi\""));
}

TEST(ParseCsv, AByteOrderMarkAndEveryLineEndMakeNoDifference) {
  for (const char* end : {"\n", "\r\n", "\r"}) {
    const std::string e = end;
    const auto table =
        Parse(absl::StrCat("\xEF\xBB\xBFname,notes", e, "Ann,\"one", e, "two\"", e, "Bob,x", e), kColumns);
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_THAT(table->columns, ElementsAre("name", "notes"));
    ASSERT_THAT(table->rows, SizeIs(2));
    EXPECT_THAT(table->rows[0].cells, ElementsAre("Ann", "one\ntwo"));
    EXPECT_EQ(table->rows[1].line, 4);
    EXPECT_THAT(table->rows[1].cells, ElementsAre("Bob", "x"));
  }
}

TEST(ParseCsv, BlanksCountInsideQuotesOnly) {
  const auto table = Parse("name , notes\n  Ann  ,\" x \"\n", kColumns);
  ASSERT_TRUE(table.ok()) << table.status();
  EXPECT_THAT(table->rows[0].cells, ElementsAre("Ann", " x "));
}

TEST(ParseCsv, KeepsARowOfAnotherLengthAsItIs) {
  const auto table = Parse("name,email\nAnn\nBob,b@c.example,more\n\"\"\n", kColumns);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_THAT(table->rows, SizeIs(3));
  EXPECT_THAT(table->rows[0].cells, SizeIs(1));
  EXPECT_THAT(table->rows[1].cells, SizeIs(3));
  EXPECT_THAT(table->rows[2].cells, ElementsAre(""));
}

TEST(ParseCsv, RefusesHeadersThatDoNotFit) {
  EXPECT_THAT(Expected("name,emial\nAnn,x\n"), HasSubstr("column 2 of the header one of name, email, notes"));
  EXPECT_THAT(Expected("name,emial\nAnn,x\n"), HasSubstr("found emial"));
  EXPECT_THAT(Expected("name,\"ann@example.org\"\nAnn,x\n"), Not(HasSubstr("ann@"))) << "no name of a column";
  EXPECT_THAT(Expected("name,email,name\nAnn,x,y\n"), HasSubstr("columns 1 and 3 have one name"));
  EXPECT_EQ(Expected("email\nx\n"), "a column name");
  EXPECT_THAT(Expected("email,nme\nx,Ann\n"), HasSubstr(" + a column name")) << "all faults of a header are told";
  EXPECT_THAT(Expected("name,,email\nAnn,,x\n"), HasSubstr("column 2"));
}

TEST(ParseCsv, RefusesAFileWithoutAHeaderAndRepeatsNoneOfIt) {
  for (const char* bytes : {"Ann,ann@example.org\nBob,bob@example.org\n", "name|email\nAnn|x\n"}) {
    EXPECT_THAT(Expected(bytes),
                HasSubstr("a header line of names of columns, separated by commas, semicolons or tabs"));
    EXPECT_THAT(Expected(bytes), Not(HasSubstr("nn")));
  }
}

// The rows of a file that is read; of one that is refused, the reason as the only cell.
std::vector<std::vector<std::string>> RowsOf(std::string_view bytes) {
  const auto table = Parse(bytes, kColumns);
  if (!table.ok()) return {{std::string(table.status().message())}};
  EXPECT_THAT(table->columns, ElementsAre("name", "notes"));
  std::vector<std::vector<std::string>> rows;
  for (const Row& row : table->rows) rows.push_back(row.cells);
  return rows;
}

TEST(ParseCsv, FindsTheSeparatorOut) {
  const auto is_read = ElementsAre(ElementsAre("a,b", "c;d"), ElementsAre("e\tf", ""));
  EXPECT_THAT(RowsOf("name,notes\n\"a,b\",c;d\n\"e\tf\",\n"), is_read);
  EXPECT_THAT(RowsOf("name;notes\na,b;\"c;d\"\n\"e\tf\";\n"), is_read);
  EXPECT_THAT(RowsOf("name\tnotes\na,b\tc;d\n\"e\tf\"\t\n"), is_read);
  EXPECT_THAT(RowsOf("\"name\";\"notes\"\r\n\"a,b\";\"c;d\"\r\n\"e\tf\";\"\"\r\n"), is_read) << "a header in quotes";
  EXPECT_THAT(RowsOf("\xEF\xBB\xBF\"name\";notes\na,b;\"c;d\"\n\"e\tf\";\n"), is_read) << "a byte order mark";
}

TEST(ParseCsv, TakesTheSeparatorThatAFirstLineNames) {
  for (const char* first : {"sep=;\r\n", "SEP=;\n", "\"sep=;\"\n", "\xEF\xBB\xBFsep=;\r\n"}) {
    const auto table = Parse(std::string(first) + "name;notes\nAnn;x\n", kColumns);
    ASSERT_TRUE(table.ok()) << table.status();
    EXPECT_THAT(table->rows[0].cells, ElementsAre("Ann", "x"));
    EXPECT_EQ(table->rows[0].line, 3) << "the line counts";
  }
  EXPECT_THAT(Expected("sep=|\nname|notes\nAnn|x\n"), HasSubstr("behind sep= in line 1"));
  EXPECT_THAT(Expected("sep=;\n"), HasSubstr("a header line"));
}

TEST(ParseCsv, KnowsColumnsWhateverCaseAndBlanks) {
  EXPECT_THAT(RowsOf(" NAME ;\"\u00a0Notes \"\nAnn;x\n"), ElementsAre(ElementsAre("Ann", "x")));
  EXPECT_THAT(Expected("name,Name\nAnn,x\n"), HasSubstr("columns 1 and 2 have one name"));
}

TEST(ParseCsv, LeavesOutEmptyColumnsAtTheEnd) {
  EXPECT_THAT(RowsOf("name,notes,,\nAnn,x,,\nBob,y\nEve,z,,,,,\n"),
              ElementsAre(ElementsAre("Ann", "x"), ElementsAre("Bob", "y"), ElementsAre("Eve", "z")));
  EXPECT_THAT(RowsOf("name\tnotes\t\t\nAnn\tx\t\t\n"), ElementsAre(ElementsAre("Ann", "x")));
  // A cell with something in it is never left out.
  EXPECT_THAT(RowsOf("name,notes,\nAnn,x,y\n"), ElementsAre(ElementsAre("Ann", "x", "y")));
  EXPECT_THAT(RowsOf("name,notes\nAnn,x" + std::string(100, ',') + "y\n")[0], SizeIs(base::kMaxImportColumns + 1));
}

TEST(ParseCsv, LeavesOutRowsOfSeparatorsAlone) {
  const auto table = Parse("name,email\n,\nAnn,a@b.example\n , \n,\n", kColumns);
  ASSERT_TRUE(table.ok()) << table.status();
  ASSERT_THAT(table->rows, SizeIs(1));
  EXPECT_EQ(table->rows[0].line, 3);
}

TEST(ParseCsv, RefusesFilesWithoutRows) {
  for (const std::string_view bytes : {"", "\n\n", "\xEF\xBB\xBF", "name,email\n", "name,email", " \r\n"}) {
    EXPECT_EQ(Expected(bytes), "a header line and at least one row") << bytes;
  }
}

TEST(ParseCsv, RefusesOtherBytesThanText) {
  EXPECT_THAT(Expected(std::string_view("name\nA\0n\n", 9)), HasSubstr("NUL"));
  EXPECT_THAT(Expected("name\nAnn\r\nM\xFCller\n"), HasSubstr("a file in UTF-8; line 3 has bytes of another encoding"));
  EXPECT_THAT(Expected("n\xE4me\r"), HasSubstr("line 1 "));
  EXPECT_THAT(Expected("name\n\xC3\nx"), HasSubstr("line 2 "));
  EXPECT_THAT(Expected("\xFF\xFEn\x01"), HasSubstr("UTF-16"));
  EXPECT_THAT(Expected(std::string_view("\xFE\xFF\0n", 4)), HasSubstr("UTF-16"));
  EXPECT_THAT(Expected(std::string_view("n\0a\0m\0e\0", 8)), HasSubstr("UTF-16"));
}

TEST(ParseCsv, SaysWhereAQuoteIsWrong) {
  EXPECT_THAT(Expected("name,email\nAnn,x\nB\"ob,y\n"), HasSubstr("line 3"));
  EXPECT_THAT(Expected("name,email\n\"Ann\"x,y\n"), HasSubstr("line 2"));
  EXPECT_THAT(Expected("name,email\nAnn,x\n\"Bob,\ny\n"), HasSubstr("the row that begins in line 3"));
}

TEST(ParseCsv, HoldsItsBounds) {
  std::string most = "name\n";
  for (size_t i = 0; i < base::kMaxImportRows; ++i) most += "A\n";
  EXPECT_THAT(Parse(most, kColumns)->rows, SizeIs(base::kMaxImportRows));
  EXPECT_EQ(Expected(most + "A\n"), "at most 5000 rows below the header");
  EXPECT_EQ(Expected("name\n" + std::string(base::kMaxImportBytes, 'x')), "a file of at most 2097152 bytes");
  std::string cells;
  for (int i = 0; i < 1'000'000; ++i) cells += "x,";
  const auto wide = Parse("name\n" + cells + "\n", kColumns);
  ASSERT_TRUE(wide.ok()) << wide.status();
  EXPECT_THAT(wide->rows[0].cells, SizeIs(base::kMaxImportColumns + 1)) << "what stands behind is not kept";
}

}  // namespace
}  // namespace invoice::csv
