// The one checker of the field rules in the protos (protos/invoice/v1/annotations.proto). The rules of a message type
// are compiled once, at start; checking then only reads them. A request is refused with all its faults together, each
// with the path of the field as the caller of REST spells it and what was expected there, never with the value. Thread
// safety: compile from one thread, then share between any number.
#pragma once

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string_view>

#include "absl/status/statusor.h"
#include "rpc/method.h"

namespace invoice::rpc {

class RuleBook {
 public:
  using IsTimeZone = std::function<bool(std::string_view name)>;

  explicit RuleBook(IsTimeZone is_time_zone);
  ~RuleBook();
  RuleBook(const RuleBook&) = delete;
  RuleBook& operator=(const RuleBook&) = delete;

  // Compiles the rules of a message and all it holds. FAILED_PRECONDITION naming the field where a rule does not fit
  // its type, its pattern does not compile or its maximum is no decimal. Before the first Check of such a message.
  absl::Status Compile(const google::protobuf::Descriptor* message);

  // Clears what an input cannot set (output-only fields, and identifiers that the REST path does not bind), takes
  // blanks from the ends of texts of one line (secrets, tokens and patterns of numbers keep theirs), then checks every
  // rule. A text of which nothing is left counts as absent. In an update, required fields are demanded only where the
  // mask covers them. INVALID_ARGUMENT with at most kMaxViolations faults.
  absl::Status Check(const Method& method, google::protobuf::Message* request) const;

  // The same for a message that is no request, such as a row of a file: nothing is cleared, everything is demanded.
  absl::Status CheckPart(google::protobuf::Message* message) const;

  static constexpr int kMaxViolations = 20;

  // Compiled rules; their content is the business of field_rules.cc.
  struct FieldCheck;
  struct MessageCheck;

 private:
  absl::StatusOr<const MessageCheck*> CompileMessage(const google::protobuf::Descriptor* message);

  IsTimeZone is_time_zone_;
  std::map<const google::protobuf::Descriptor*, std::unique_ptr<MessageCheck>> messages_;
};

}  // namespace invoice::rpc
