#include "rpc/field_rules.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/status.h"
#include "trial.pb.h"

namespace invoice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

constexpr char kId[] = "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d";

class FieldRulesTest : public testing::Test {
 protected:
  FieldRulesTest() : book_([](std::string_view zone) { return zone == "America/Toronto"; }) {
    const auto* service = trial::Thing::descriptor()->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) {
      EXPECT_TRUE(book_.Compile(service->method(i)->input_type()).ok());
      methods_.push_back(*ReadMethod(service->method(i)));
    }
  }

  // The faults of the request, given as text format.
  template <typename Request>
  std::vector<base::FieldViolation> Faults(int method, const std::string& text, Request* request) {
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, request)) << text;
    return Check(method, request);
  }
  std::vector<base::FieldViolation> Check(int method, google::protobuf::Message* request) {
    const absl::Status status = book_.Check(methods_[method], request);
    EXPECT_TRUE(status.ok() || status.code() == absl::StatusCode::kInvalidArgument) << status;
    return base::DetailOf(status).fields;
  }
  std::vector<base::FieldViolation> CheckAlone(google::protobuf::Message* message) {
    EXPECT_TRUE(book_.Compile(message->GetDescriptor()).ok());
    return base::DetailOf(book_.CheckPart(message)).fields;
  }
  std::vector<std::string> Paths(const std::vector<base::FieldViolation>& faults) {
    std::vector<std::string> paths;
    for (const auto& fault : faults) paths.push_back(fault.field);
    return paths;
  }
  std::vector<std::string> Create(const std::string& thing) {
    trial::CreateThingRequest request;
    return Paths(Faults(0, "thing {" + thing + "}", &request));
  }
  std::vector<std::string> Update(const std::string& thing, const std::string& mask = "") {
    trial::UpdateThingRequest request;
    const std::string id = std::string("id: \"") + kId + "\" ";
    return Paths(Faults(1, "thing {" + id + thing + "} update_mask {" + mask + "}", &request));
  }

  RuleBook book_;
  std::vector<Method> methods_;
};

TEST_F(FieldRulesTest, AGoodRequestPasses) {
  EXPECT_THAT(
      Create(R"(name: "a\303\274bcd" email: "a@b.co" kind: ROUND count: 9 code: "AB-1" data: "abcd" date: "2026-02-28"
                        zone: "America/Toronto" currency_code: "CAD" small: "xy" notes: "two\nlines"
                        parts {name: "p" rate: "0.1300"} payment_terms {label: "x" days: 365} cc_emails: "c@d.co")"),
      IsEmpty());
}

TEST_F(FieldRulesTest, AllFaultsAreNamedTogetherAsRestSeesThem) {
  EXPECT_THAT(
      Create(
          R"(email: "nobody" parts {name: "ok"} parts {rate: "2"} payment_terms {days: 400 parts {name: "p" rate: "x"}}
                        cc_emails: "a@b.co" cc_emails: "bad" kind: 7)"),
      UnorderedElementsAre("name", "email", "parts[1].name", "parts[1].rate", "paymentTerms.label", "paymentTerms.days",
                           "paymentTerms.parts[0].rate", "ccEmails[1]", "kind"));
}

TEST_F(FieldRulesTest, EachRuleRefuses) {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {R"(name: "sixsix")", "name"},
      {R"(name: "a\nb")", "name"},
      {R"(name: "a" notes: "a\001b")", "notes"},
      {R"(name: "a" notes: "a\000b")", "notes"},
      {R"(name: "a" count: 0)", "count"},
      {R"(name: "a" count: 10)", "count"},
      {R"(name: "a" code: "ab")", "code"},
      {R"(name: "a" code: "AB-1x")", "code"},
      {R"(name: "a" data: "1")", "data"},
      {R"(name: "a" data: "12345")", "data"},
      {R"(name: "a" date: "2026-02-29")", "date"},
      {R"(name: "a" zone: "localtime")", "zone"},
      {R"(name: "a" currency_code: "XXX")", "currencyCode"},
      {R"(name: "a" small: "xyz")", "small"},
      {R"(name: "a" parts {name: "p" rate: "0.12345"})", "parts[0].rate"},
      {R"(name: "a" parts {name: "p" rate: "-0.1"})", "parts[0].rate"},
      {R"(name: "a" parts {name: "p" rate: "1.0001"})", "parts[0].rate"},
      {R"(name: "a" parts {name: "p"} parts {name: "p"} parts {name: "p"} parts {name: "p"})", "parts"},
      {R"(name: "a" cc_emails: "")", "ccEmails[0]"},
      {R"(name: "a" inner {name: "a" inner {}})", "inner.inner.name"},
  };
  for (const auto& [thing, path] : rows) EXPECT_THAT(Create(thing), ElementsAre(path)) << thing;
}

TEST_F(FieldRulesTest, ExpectationsSayWhatWasExpectedAndNeverTheValue) {
  trial::CreateThingRequest request;
  const auto faults = Faults(0, R"(thing {name: "secret-value" parts {name: "p" rate: "secret"} kind: 9})", &request);
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].expected, "at most 5 characters");
  EXPECT_EQ(faults[1].expected, "one of ROUND, SQUARE");
  EXPECT_THAT(faults[2].expected, HasSubstr("a decimal with at most 4 decimals"));
  EXPECT_THAT(faults[2].expected, HasSubstr("at most 1"));
  for (const auto& fault : faults) EXPECT_EQ(fault.expected.find("secret"), std::string::npos);
}

TEST_F(FieldRulesTest, WhatIsAbsentIsRequired) {
  trial::CreateThingRequest request;
  EXPECT_EQ(Faults(0, "thing {}", &request).front().expected, "required");
  trial::UpdateThingRequest update;
  EXPECT_EQ(Faults(1, R"(thing {name: "a"} update_mask {paths: "name"})", &update).front().expected, "required");
  trial::GetThingRequest get;
  EXPECT_EQ(Faults(2, "", &get).front().expected, "required");
  // An entry of a list is there, whatever its value.
  EXPECT_EQ(Faults(0, R"(thing {name: "a" kind: 9})", &request).front().expected, "one of ROUND, SQUARE");
}

TEST_F(FieldRulesTest, AnAbsentBodyIsCalledByItsName) {
  trial::CreateThingRequest request;
  EXPECT_THAT(Paths(Check(0, &request)), ElementsAre("thing"));
}

// Blanks, a zero-width space, a filler of Hangul, a mark alone.
constexpr char const* kNothing[] = {" ", "\t ", "\u00a0\u3000", "\u200b", "\u3164\u115f", "\u2800", "\u0301"};

TEST_F(FieldRulesTest, ARequiredTextHasSomethingToSee) {
  for (const std::string text : kNothing) {
    SCOPED_TRACE(testing::PrintToString(text));
    trial::CreateThingRequest request;
    request.mutable_thing()->set_name(text);
    request.mutable_thing()->mutable_payment_terms()->set_label(text + "\n" + text);
    request.mutable_thing()->add_parts()->set_name(text);
    EXPECT_THAT(Paths(Check(0, &request)), UnorderedElementsAre("name", "parts[0].name", "paymentTerms.label"));
    trial::UpdateThingRequest update;
    update.mutable_thing()->set_id(kId);
    update.mutable_thing()->set_name(text);
    update.mutable_update_mask()->add_paths("name");
    EXPECT_THAT(Paths(Check(1, &update)), ElementsAre("name"));
  }
}

TEST_F(FieldRulesTest, BlanksAtTheEndsOfOneLineAreTaken) {
  trial::CreateThingRequest request;
  auto* thing = request.mutable_thing();
  thing->set_name(" \u00a0ab c\u200b ");
  thing->set_notes("  two\nlines  \n");
  thing->add_parts()->set_name("\u3000p ");
  EXPECT_THAT(Check(0, &request), IsEmpty());
  EXPECT_EQ(thing->name(), "ab c");
  EXPECT_EQ(thing->parts(0).name(), "p");
  EXPECT_EQ(thing->notes(), "  two\nlines  \n") << "a text of several lines stays";
  thing->set_notes(" \u200b\n\u00a0");
  EXPECT_THAT(Check(0, &request), IsEmpty());
  EXPECT_EQ(thing->notes(), "") << "but for one that shows nothing";
}

TEST_F(FieldRulesTest, SecretsTokensAndPatternsKeepTheirBlanks) {
  trial::TrimmedRequest request;
  request.set_password(" x ");
  request.set_page_token(" x ");
  request.set_number_pattern(" x ");
  request.set_reference("\u2003");
  request.add_tags(" a ");
  request.add_tags(" ");
  EXPECT_THAT(Paths(CheckAlone(&request)), ElementsAre("tags[1]"));
  EXPECT_EQ(request.password() + request.page_token() + request.number_pattern(), " x  x  x ");
  EXPECT_TRUE(request.has_reference());
  EXPECT_EQ(request.reference(), "") << "a text of blanks is empty";
  EXPECT_EQ(request.tags(0), "a");
}

TEST_F(FieldRulesTest, WhereAbsentAndEmptyDifferAnEmptyTextStaysThere) {
  trial::TrimmedRequest request;
  EXPECT_THAT(Paths(CheckAlone(&request)), IsEmpty());
  EXPECT_FALSE(request.has_remark());
  for (const char* nothing : {"", " \n", "\u200b"}) {
    request.set_remark(nothing);
    EXPECT_THAT(Paths(CheckAlone(&request)), IsEmpty());
    EXPECT_TRUE(request.has_remark());
    EXPECT_EQ(request.remark(), "");
  }
}

TEST_F(FieldRulesTest, NoMoreThanTwentyFaultsAreCollected) {
  std::string inner = "kind: 9";
  for (int i = 0; i < 30; ++i) inner = "kind: 9 inner {" + inner + "}";
  EXPECT_EQ(Create(inner).size(), static_cast<size_t>(RuleBook::kMaxViolations));
}

TEST_F(FieldRulesTest, WhatAnInputCannotSetIsCleared) {
  trial::CreateThingRequest request;
  EXPECT_THAT(Faults(0, R"(thing {id: "junk" name: "a" create_time {seconds: 5} parts {name: "p" serial: "s"}
                                 inner {name: "b" id: "junk"}})",
                     &request),
              IsEmpty());
  EXPECT_EQ(request.thing().id(), "");
  EXPECT_FALSE(request.thing().has_create_time());
  EXPECT_EQ(request.thing().parts(0).serial(), "");
  EXPECT_EQ(request.thing().parts(0).name(), "p");
  EXPECT_EQ(request.thing().inner().id(), "");
}

TEST_F(FieldRulesTest, TheIdentifierInThePathIsKeptAndChecked) {
  trial::UpdateThingRequest good;
  EXPECT_THAT(Faults(1, std::string("thing {id: \"") + kId + "\"}", &good), IsEmpty());
  EXPECT_EQ(good.thing().id(), kId);
  trial::UpdateThingRequest bad;
  EXPECT_THAT(Paths(Faults(1, R"(thing {id: "0190F5FE-3C2A-7B3E-9C41-5E1D2A3B4C5D"})", &bad)), ElementsAre("id"));
  trial::UpdateThingRequest absent;
  EXPECT_THAT(Paths(Faults(1, R"(thing {name: "a"})", &absent)), ElementsAre("id"));
}

TEST_F(FieldRulesTest, AnUpdateDemandsOnlyWhatItsMaskCovers) {
  EXPECT_THAT(Update(R"(email: "a@b.co")"), IsEmpty());
  EXPECT_THAT(Update(R"(email: "a@b.co")", R"(paths: "email")"), IsEmpty());
  EXPECT_THAT(Update(R"(email: "a@b.co")", R"(paths: "name")"), ElementsAre("name"));
  EXPECT_THAT(Update(R"(email: "a@b.co")", R"(paths: "*")"), ElementsAre("name"));
  EXPECT_THAT(Update(R"(payment_terms {days: 5})"), IsEmpty());
  EXPECT_THAT(Update(R"(payment_terms {days: 5})", R"(paths: "payment_terms.days")"), IsEmpty());
  EXPECT_THAT(Update(R"(payment_terms {days: 5})", R"(paths: "payment_terms")"), ElementsAre("paymentTerms.label"));
  EXPECT_THAT(Update(R"(payment_terms {days: 5})", R"(paths: "payment_terms.label")"),
              ElementsAre("paymentTerms.label"));
}

TEST_F(FieldRulesTest, EntriesOfAMaskedListAreComplete) {
  EXPECT_THAT(Update(R"(parts {rate: "1"})"), ElementsAre("parts[0].name"));
  EXPECT_THAT(Update(R"(parts {rate: "1"})", R"(paths: "parts")"), ElementsAre("parts[0].name"));
  EXPECT_THAT(Update(R"(parts {rate: "1"} email: "a@b.co")", R"(paths: "email")"), IsEmpty());
  EXPECT_THAT(Update(R"(payment_terms {parts {rate: "1"}})"), ElementsAre("paymentTerms.parts[0].name"));
}

TEST_F(FieldRulesTest, FormatsHoldInAnUpdateWhateverTheMask) {
  EXPECT_THAT(Update(R"(email: "bad" date: "bad")"), UnorderedElementsAre("email", "date"));
}

TEST_F(FieldRulesTest, AFaultyMaskIsAFaultOfUpdateMask) {
  EXPECT_THAT(Update(R"(name: "a")", R"(paths: "nonsense")"), ElementsAre("updateMask"));
  EXPECT_THAT(Update(R"(name: "a")", R"(paths: "parts.name")"), ElementsAre("updateMask"));
  EXPECT_THAT(Update(R"(name: "a")", R"(paths: "*" paths: "name")"), ElementsAre("updateMask"));
  EXPECT_THAT(Update(R"(name: "a")", R"(paths: "name" paths: "email" paths: "kind" paths: "date")"),
              ElementsAre("updateMask"));
}

TEST_F(FieldRulesTest, ABadTextIsNotUtf8) {
  trial::CreateThingRequest request;
  request.mutable_thing()->set_name("a");
  request.mutable_thing()->set_notes("\xC3(");
  const auto faults = Check(0, &request);
  ASSERT_EQ(faults.size(), 1u);
  EXPECT_EQ(faults[0].expected, "text in UTF-8");
}

}  // namespace
}  // namespace invoice::rpc
