// Lists that people look names up in: search folds what a keyboard or a register writes differently, and the order is
// that of Unicode.
#include <gmock/gmock.h>

#include <algorithm>

#include "fmt/format.h"
#include "tests/app/app_fixture.h"
#include "tests/support/plain_sql.h"

namespace invoice::app {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

class NamesTest : public AppTest {
 protected:
  std::string NewCustomerNamed(const std::string& name) {
    const std::string id = NewCustomer(vendor_);
    Rename(id, name);
    sql_.Must(fmt::format("UPDATE customers SET renamed = false WHERE id = '{}'", id));
    return id;
  }

  void Rename(const std::string& id, const std::string& name) {
    sql_.Must(fmt::format("UPDATE customers SET name = '{}' WHERE id = '{}'", name, id));
  }

  std::vector<std::string> Names(const std::string& q, int page_size = 200) {
    std::vector<std::string> names;
    store::PageRequest request{.size = page_size};
    do {
      const auto page = Customers(*core_).List({.q = q}, request);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const domain::Customer& customer : page->records) names.push_back(customer.name);
      request.after = page->next;
    } while (!request.after.empty());
    return names;
  }

  // The numbers of the invoices that have the text, of one customer where one is given.
  std::vector<std::string> Numbers(const std::string& q, const std::string& customer_id = "") {
    std::vector<std::string> numbers;
    const auto page = Invoices(*core_).List({.customer_id = customer_id, .q = q}, {});
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) return numbers;
    for (const domain::InvoiceRecord& invoice : page->records) numbers.push_back(invoice.document.number);
    EXPECT_EQ(page->total_size, static_cast<int64_t>(numbers.size()));
    return numbers;
  }

  std::string Bill(const std::string& customer_id) {
    const auto run = RunQuick(customer_id, absl::CivilDay(2026, 11, 1), NewCall());
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? run->result.invoice.document.number : "";
  }

  test::PlainSql sql_{url_};
  std::string vendor_ = NewVendor();
};

struct Search {
  const char* name;
  const char* q;
};

// Decomposed forms are written with escapes: editors compose them.
constexpr Search kFound[] = {
    {"Dürer & Söhne", "durer"},
    {"Dürer & Söhne", "DÜRER"},
    {"Dürer & Söhne", "du\u0308rer"},
    {"Du\u0308rer AG", "dürer"},
    {"Straße 7", "strasse"},
    {"Strasse 8", "STRAẞE"},
    {"Łódź Sp. z o.o.", "lodz"},
    {"Lodz", "łódź"},
    {"Ørsted", "orsted"},
    {"Đặng", "dang"},
    {"Ærø Færge", "aero faerge"},
    {"İstanbul Işık", "istanbul isik"},
    {"Ｗｉｄｅ　Ｃｏ", "wide co"},
    {"Wide Two", "ｗｉｄｅ"},
    {"ΟΔΟΣ", "οδος"},
    {"Ñandú", "NANDU"},
    {"O’Neil", "o'neil"},
    {"Œuvre", "oeuvre"},
    {"Þór", "thor"},
    {"Жёлтый", "желтый"},
    {"東京商事", "東京"},
    {"so\u00adft\u200bhyphen", "softhyphen"},
    {"a  b", "  a  b "},
    {"blank", "\u3000blank\u00a0"},
};

TEST_F(NamesTest, AreFoundWhateverCaseWidthAccentsAndStrokes) {
  for (const Search& search : kFound) {
    SCOPED_TRACE(search.name + std::string(" by ") + search.q);
    const std::string id = NewCustomerNamed(search.name);
    EXPECT_THAT(Names(search.q), ElementsAre(search.name));
    sql_.Must(fmt::format("UPDATE customers SET name = 'gone' WHERE id = '{}'", id));
  }
}

TEST_F(NamesTest, WildcardsOfPatternsAreLetters) {
  for (const char* name : {"100% Wool", "100 Wool", "a_b", "acb", "back\\slash", "backslash"}) NewCustomerNamed(name);
  EXPECT_THAT(Names("%"), ElementsAre("100% Wool"));
  EXPECT_THAT(Names("\uff05"), ElementsAre("100% Wool")) << "of full width";
  EXPECT_THAT(Names("a_b"), ElementsAre("a_b"));
  EXPECT_THAT(Names("k\\s"), ElementsAre("back\\slash"));
}

TEST_F(NamesTest, StandInTheOrderOfUnicodeOnEveryPage) {
  const std::vector<const char*> ordered = {"123",  "Abel", "abel",   "Ábel", "Åkesson", "Dürer",  "Durerson",
                                            "Łódź", "Lomé", "Ørsted", "Oslo", "Zebra",   "Zürich", "Жук"};
  for (auto name = ordered.rbegin(); name != ordered.rend(); ++name) NewCustomerNamed(*name);
  // ICU puts "abel" before "Abel", and strokes after the plain letter.
  const std::vector<std::string> expected = Names("");
  ASSERT_EQ(expected.size(), ordered.size());
  const auto place = [&](const char* name) { return std::find(expected.begin(), expected.end(), name); };
  EXPECT_LT(place("abel"), place("Dürer"));
  EXPECT_LT(place("Ábel"), place("Åkesson"));
  EXPECT_LT(place("Åkesson"), place("Dürer"));
  EXPECT_LT(place("Dürer"), place("Durerson"));
  EXPECT_LT(place("Łódź"), place("Zebra"));
  EXPECT_LT(place("Ørsted"), place("Zebra"));
  EXPECT_LT(place("Zürich"), place("Жук"));
  for (const int size : {1, 2, 5}) EXPECT_THAT(Names("", size), ElementsAreArray(expected)) << size;
}

TEST_F(NamesTest, OfVendorsAreFoundAndOrderedAlike) {
  for (const char* name : {"Zürich", "Ångström", "Berg"}) {
    const std::string id = NewVendor();
    sql_.Must(fmt::format("UPDATE vendors SET name = '{}' WHERE id = '{}'", name, id));
  }
  const auto all = Vendors(*core_).List({}, {});
  ASSERT_TRUE(all.ok()) << all.status();
  std::vector<std::string> names;
  for (const domain::Vendor& vendor : all->records) names.push_back(vendor.name);
  EXPECT_THAT(names, ElementsAre("Ångström", "Berg", "Vendor", "Zürich"));
  const auto found = Vendors(*core_).List({.q = " ANGSTROM "}, {});
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->records.size(), 1U);
}

TEST_F(NamesTest, AnInvoiceIsFoundByTheNameOnItAndByThePresentOne) {
  const std::string renamed = NewCustomerNamed("Müller GmbH");
  const std::string other = NewCustomerNamed("Other");
  const std::string number = Bill(renamed);
  Bill(other);
  Rename(renamed, "Łódź Holding");
  // By the index, by the scan of short texts, and among the customer's own.
  for (const char* q : {"muller", "lodz hold", "Łó", "mü"}) {
    SCOPED_TRACE(q);
    EXPECT_THAT(Numbers(q), ElementsAre(number));
    EXPECT_THAT(Numbers(q, renamed), ElementsAre(number));
    EXPECT_THAT(Numbers(q, other), IsEmpty());
  }
  EXPECT_EQ(Numbers("o").size(), 2U);
}

TEST_F(NamesTest, ATextThatShowsNothingIsNoFilter) {
  NewCustomerNamed("One");
  EXPECT_EQ(Names(" \u00a0 ").size(), 1U);
  EXPECT_EQ(Names("\u0301").size(), 1U);
}

}  // namespace
}  // namespace invoice::app
