#include "rpc/update_mask.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "trial.pb.h"

namespace invoice::rpc {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

trial::Thing Parse(const std::string& text) {
  trial::Thing thing;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &thing)) << text;
  return thing;
}

google::protobuf::FieldMask Mask(const std::vector<std::string>& paths) {
  google::protobuf::FieldMask mask;
  for (const std::string& path : paths) mask.add_paths(path);
  return mask;
}

// `current` after the update.
absl::StatusOr<trial::Thing> Updated(const std::vector<std::string>& paths, const std::string& patch,
                                     const std::string& current) {
  const trial::Thing change = Parse(patch);
  trial::Thing thing = Parse(current);
  const auto mask = UpdateMask::Read(Mask(paths), change);
  if (!mask.ok()) return mask.status();
  const absl::Status merged = mask->Merge(change, &thing);
  if (!merged.ok()) return merged;
  return thing;
}

std::string Text(const absl::StatusOr<trial::Thing>& thing) {
  return thing.ok() ? thing->ShortDebugString() : thing.status().ToString();
}

TEST(UpdateMask, AbsentItIsWhatTheResourceCarries) {
  const trial::Thing thing =
      Parse(R"(id: "x" name: "n" etag: "e" create_time {} payment_terms {days: 3} parts {name: "p"} inner {})");
  const auto mask = UpdateMask::Read({}, thing);
  ASSERT_TRUE(mask.ok());
  EXPECT_THAT(mask->proto().paths(), UnorderedElementsAre("name", "payment_terms.days", "parts", "inner"));
  EXPECT_TRUE(mask->Covers("payment_terms.days"));
  EXPECT_FALSE(mask->Covers("payment_terms.label"));
  EXPECT_FALSE(mask->Covers("id"));
}

TEST(UpdateMask, StarIsEverythingThatCanBeSet) {
  const auto mask = UpdateMask::Read(Mask({"*"}), trial::Thing());
  ASSERT_TRUE(mask.ok());
  EXPECT_TRUE(mask->Covers("name"));
  EXPECT_TRUE(mask->Covers("payment_terms.label"));
  for (const char* ignored : {"id", "etag", "create_time"}) EXPECT_FALSE(mask->Covers(ignored)) << ignored;
}

TEST(UpdateMask, OnlyPathsOfTheResourceAreAccepted) {
  for (const auto& paths : std::vector<std::vector<std::string>>{{"nothing"},
                                                                 {"name.x"},
                                                                 {"parts.name"},
                                                                 {"payment_terms.nothing"},
                                                                 {""},
                                                                 {"*", "name"},
                                                                 {"paymentTerms"},
                                                                 {"name."}}) {
    const auto mask = UpdateMask::Read(Mask(paths), trial::Thing());
    ASSERT_FALSE(mask.ok()) << paths.front();
    const base::ErrorDetail detail = base::DetailOf(mask.status());
    ASSERT_EQ(detail.fields.size(), 1u);
    EXPECT_EQ(detail.fields[0].field, "updateMask");
  }
}

TEST(UpdateMask, WhatTheServerSetsIsIgnoredInAMask) {
  const auto mask = UpdateMask::Read(Mask({"create_time", "id", "etag", "name"}), trial::Thing());
  ASSERT_TRUE(mask.ok());
  EXPECT_THAT(mask->proto().paths(), ElementsAre("name"));
}

TEST(UpdateMask, MergingChangesTheMaskedFieldsOnly) {
  EXPECT_EQ(Text(Updated({"name"}, R"(name: "new" email: "x")", R"(name: "old" email: "e")")),
            R"(name: "new" email: "e")");
  EXPECT_EQ(Text(Updated({"email"}, R"(name: "new")", R"(name: "old" email: "e")")), R"(name: "old")");
  EXPECT_EQ(Text(Updated({}, R"(email: "x")", R"(name: "old" email: "e")")), R"(name: "old" email: "x")");
}

TEST(UpdateMask, MergingReplacesListsAndMessages) {
  EXPECT_EQ(Text(Updated({}, R"(parts {name: "c"})", R"(parts {name: "a"} parts {name: "b"})")),
            R"(parts { name: "c" })");
  EXPECT_EQ(Text(Updated({"parts"}, "", R"(parts {name: "a"})")), "");
  EXPECT_EQ(Text(Updated({"payment_terms"}, R"(payment_terms {days: 3})", R"(payment_terms {label: "x" days: 1})")),
            "payment_terms { days: 3 }");
  EXPECT_EQ(Text(Updated({}, R"(payment_terms {days: 3})", R"(payment_terms {label: "x" days: 1})")),
            R"(payment_terms { label: "x" days: 3 })");
  EXPECT_EQ(Text(Updated({}, R"(large: "l")", R"(small: "s")")), R"(large: "l")");
}

TEST(UpdateMask, AnImmutableFieldMayBeNamedButNotChanged) {
  EXPECT_EQ(Text(Updated({}, R"(owner: "o" name: "n")", R"(owner: "o" name: "m")")), R"(name: "n" owner: "o")");
  EXPECT_EQ(Text(Updated({"*"}, R"(name: "n")", R"(owner: "o" name: "m")")), R"(name: "n" owner: "o")");
  const auto refused = Updated({}, R"(owner: "other")", R"(owner: "o")");
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(base::DetailOf(refused.status()).fields[0].field, "owner");
}

}  // namespace
}  // namespace invoice::rpc
