// The compiled rules of one field, and what they say about one value of it. Used by field_rules.cc alone. Immutable
// once compiled; safe to share between threads.
#pragma once

#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "invoice/v1/annotations.pb.h"
#include "rpc/field_rules.h"
#include "rpc/formats.h"

namespace invoice::rpc {

struct RuleBook::FieldCheck {
  const google::protobuf::FieldDescriptor* field = nullptr;
  v1::FieldRules rules;
  std::unique_ptr<RE2> pattern;           // of rules.pattern
  std::optional<PlainDecimal> maximum;    // of rules.maximum
  const MessageCheck* message = nullptr;  // of fields, entries and map values that are messages of ours
  bool is_trimmed = false;                // blanks at the ends of the text mean nothing
  bool is_cleared = false;                // a text of several lines that shows nothing means nothing
};

struct RuleBook::MessageCheck {
  std::vector<FieldCheck> fields;
};

// All but `message`. FAILED_PRECONDITION where the rules do not fit the field.
absl::StatusOr<RuleBook::FieldCheck> CompileField(const google::protobuf::FieldDescriptor* field);

// What was expected instead of the value; nothing where it is good. An empty text or a number is a value here: whether
// the field may be absent is not decided by these.
std::optional<std::string> FaultOfText(const RuleBook::FieldCheck& check, const RuleBook::IsTimeZone& is_time_zone,
                                       std::string_view text);
std::optional<std::string> FaultOfBytes(const RuleBook::FieldCheck& check, std::string_view bytes);
std::optional<std::string> FaultOfInteger(const RuleBook::FieldCheck& check, int64_t value);
std::optional<std::string> FaultOfEnum(const RuleBook::FieldCheck& check, int number);
std::optional<std::string> FaultOfCount(const RuleBook::FieldCheck& check, int count);
// What a required field that is absent should have been.
std::string ExpectedWhereRequired(const RuleBook::FieldCheck& check);

}  // namespace invoice::rpc
