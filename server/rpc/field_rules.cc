#include "rpc/field_rules.h"

#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/util/field_mask_util.h>

#include <utility>
#include <vector>

#include "base/field_fault.h"
#include "base/status.h"
#include "base/text.h"
#include "fmt/format.h"
#include "rpc/field_check.h"
#include "rpc/update_mask.h"

namespace invoice::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FieldMask;
using google::protobuf::Message;
using google::protobuf::Reflection;
using FieldCheck = RuleBook::FieldCheck;
using MessageCheck = RuleBook::MessageCheck;
using Fields = std::vector<const FieldDescriptor*>;

const FieldMask& MaskOf(const Message& request, const FieldDescriptor* field) {
  return static_cast<const FieldMask&>(request.GetReflection()->GetMessage(request, field));
}

// The message that holds the last field of a path; nothing where a message before it is absent.
const Message* HolderOf(const Fields& path, const Message& request) {
  const Message* holder = &request;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    if (!holder->GetReflection()->HasField(*holder, path[i])) return nullptr;
    holder = &holder->GetReflection()->GetMessage(*holder, path[i]);
  }
  return holder;
}

void ClearOutputOnly(const MessageCheck& checks, Message* message) {
  const Reflection* reflection = message->GetReflection();
  for (const FieldCheck& check : checks.fields) {
    if (check.rules.output_only() || check.rules.identifier()) {
      reflection->ClearField(message, check.field);
    } else if (check.message != nullptr && check.field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(*message, check.field); ++i) {
        ClearOutputOnly(*check.message, reflection->MutableRepeatedMessage(message, check.field, i));
      }
    } else if (check.message != nullptr && reflection->HasField(*message, check.field)) {
      ClearOutputOnly(*check.message, reflection->MutableMessage(message, check.field));
    }
  }
}

// Clears output-only fields and identifiers, and puts back those that the path of the request binds ("{vendor.id}").
void ClearIgnored(const MessageCheck& checks, const Method& method, Message* request) {
  std::vector<std::pair<const Fields*, std::string>> bound;
  for (const Fields& path : method.path_fields) {
    const Message* holder = HolderOf(path, *request);
    if (holder == nullptr || path.size() < 2 || path.back()->type() != FieldDescriptor::TYPE_STRING) continue;
    bound.emplace_back(&path, holder->GetReflection()->GetString(*holder, path.back()));
  }
  ClearOutputOnly(checks, request);
  for (const auto& [path, text] : bound) {
    if (auto* holder = const_cast<Message*>(HolderOf(*path, *request)); holder != nullptr) {
      holder->GetReflection()->SetString(holder, path->back(), text);
    }
  }
}

// A text of which nothing is left: absent, but where absent and empty differ it is empty; an entry of a list too.
void SetNothing(const FieldCheck& check, Message* message) {
  const Reflection* reflection = message->GetReflection();
  if (!check.field->has_presence()) return reflection->ClearField(message, check.field);
  reflection->SetString(message, check.field, "");
}

// Texts of one line as they count (base/text.h).
void TrimField(const FieldCheck& check, Message* message) {
  const Reflection* reflection = message->GetReflection();
  std::string scratch;
  if (check.field->is_repeated()) {
    for (int i = 0; i < reflection->FieldSize(*message, check.field); ++i) {
      const std::string& text = reflection->GetRepeatedStringReference(*message, check.field, i, &scratch);
      const std::string_view counts = base::VisibleText(text);
      if (counts.size() != text.size()) {
        reflection->SetRepeatedString(message, check.field, i, std::string(counts));
      }
    }
    return;
  }
  if (!reflection->HasField(*message, check.field)) return;
  const std::string& text = reflection->GetStringReference(*message, check.field, &scratch);
  const std::string_view counts = base::VisibleText(text);
  if (counts.size() == text.size()) return;
  if (counts.empty()) return SetNothing(check, message);
  reflection->SetString(message, check.field, std::string(counts));
}

// A text of several lines keeps its blanks, but of one of which nothing can be seen nothing is left.
void ClearField(const FieldCheck& check, Message* message) {
  const Reflection* reflection = message->GetReflection();
  if (!reflection->HasField(*message, check.field)) return;
  std::string scratch;
  if (!base::VisibleText(reflection->GetStringReference(*message, check.field, &scratch)).empty()) return;
  SetNothing(check, message);
}

void TrimTexts(const MessageCheck& checks, Message* message) {
  const Reflection* reflection = message->GetReflection();
  for (const FieldCheck& check : checks.fields) {
    if (check.is_trimmed) {
      TrimField(check, message);
    } else if (check.is_cleared) {
      ClearField(check, message);
    } else if (check.message != nullptr && check.field->is_repeated()) {
      for (int i = 0; i < reflection->FieldSize(*message, check.field); ++i) {
        TrimTexts(*check.message, reflection->MutableRepeatedMessage(message, check.field, i));
      }
    } else if (check.message != nullptr && reflection->HasField(*message, check.field)) {
      TrimTexts(*check.message, reflection->MutableMessage(message, check.field));
    }
  }
}

// One walk over one request.
class Walk {
 public:
  Walk(const RuleBook::IsTimeZone& is_time_zone, const Method& method) : is_time_zone_(is_time_zone), method_(method) {}

  void Request(const MessageCheck& checks, const Message& request, const FieldMask* mask) {
    mask_ = mask;
    PathFields(request);
    Fieldwise(checks, request);
  }

  void Add(std::string path, std::string expected) {
    if (violations_.size() < RuleBook::kMaxViolations) violations_.push_back({std::move(path), std::move(expected)});
  }

  absl::Status Result() && {
    return violations_.empty() ? absl::OkStatus() : base::InvalidFields(std::move(violations_));
  }

 private:
  bool IsFull() const { return violations_.size() >= RuleBook::kMaxViolations; }

  // An identifier is demanded where the path binds it; its other rules are those of any field.
  void PathFields(const Message& request) {
    for (const Fields& path : method_.path_fields) {
      const Message* holder = HolderOf(path, request);
      const v1::FieldRules& rules = path.back()->options().GetExtension(v1::rules);
      if (holder == nullptr || !rules.identifier() || IsPresent(path.back(), *holder)) continue;
      std::string name;
      for (const FieldDescriptor* field : path) {
        if (field != method_.body) name += (name.empty() ? "" : ".") + field->json_name();
      }
      Add(std::move(name), std::string(base::kRequired));
    }
  }

  void Fieldwise(const MessageCheck& checks, const Message& message) {
    for (const FieldCheck& check : checks.fields) {
      if (IsFull()) return;
      const size_t path_size = path_.size();
      const size_t mask_path_size = mask_path_.size();
      const bool is_body = check.field == method_.body;
      if (!is_body) path_ += (path_.empty() ? "" : ".") + check.field->json_name();
      if (in_resource_) mask_path_ += (mask_path_.empty() ? "" : ".") + check.field->name();
      Field(check, message, is_body);
      path_.resize(path_size);
      mask_path_.resize(mask_path_size);
    }
  }

  void Field(const FieldCheck& check, const Message& message, bool is_body) {
    if (check.field == method_.update_mask) return Masked(check, message);
    if (!IsPresent(check.field, message)) {
      // Where the body is absent as a whole, it is called by its own name.
      if (check.rules.required() && IsDemanded())
        Add(is_body ? check.field->json_name() : path_, ExpectedWhereRequired(check));
      return;
    }
    if (check.field->is_repeated()) return Entries(check, message);
    if (ShowsNothing(check, message) && IsDemanded()) return Add(path_, "a text with at least one visible character");
    if (check.field->message_type() == nullptr) return Keep(FaultOfSingle(check, message));
    if (check.message == nullptr) return;
    const bool outer = std::exchange(in_resource_, in_resource_ || check.field == method_.resource);
    Fieldwise(*check.message, message.GetReflection()->GetMessage(message, check.field));
    in_resource_ = outer;
  }

  void Masked(const FieldCheck& check, const Message& message) {
    Keep(FaultOfCount(check, MaskOf(message, check.field).paths_size()));
  }

  // Lists are replaced as a whole, so their entries are complete or not looked at.
  void Entries(const FieldCheck& check, const Message& message) {
    const Reflection* reflection = message.GetReflection();
    const int count = reflection->FieldSize(message, check.field);
    if (auto fault = FaultOfCount(check, count)) return Keep(std::move(fault));
    const bool demanded = std::exchange(demanded_, IsDemanded());
    const bool in_resource = std::exchange(in_resource_, false);
    const size_t path_size = path_.size();
    for (int i = 0; i < count && !IsFull(); ++i) {
      path_ += fmt::format("[{}]", i);
      Entry(check, message, i);
      path_.resize(path_size);
    }
    demanded_ = demanded;
    in_resource_ = in_resource;
  }

  void Entry(const FieldCheck& check, const Message& message, int index) {
    const Reflection* reflection = message.GetReflection();
    if (check.message != nullptr) {
      return Fieldwise(*check.message, reflection->GetRepeatedMessage(message, check.field, index));
    }
    if (check.field->message_type() == nullptr) Keep(FaultOfEntry(check, message, index));
  }

  bool IsDemanded() const {
    if (!in_resource_ || mask_ == nullptr) return demanded_;
    return mask_path_.empty() || google::protobuf::util::FieldMaskUtil::IsPathInFieldMask(mask_path_, *mask_);
  }

  static bool IsPresent(const FieldDescriptor* field, const Message& message) {
    const Reflection* reflection = message.GetReflection();
    if (field->is_repeated()) return reflection->FieldSize(message, field) > 0;
    if (!reflection->HasField(message, field)) return false;
    if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) return reflection->GetEnumValue(message, field) != 0;
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) return true;
    std::string scratch;
    return !reflection->GetStringReference(message, field, &scratch).empty();
  }

  // Whether a required text has nothing to see. Texts of one line without it are absent by now.
  static bool ShowsNothing(const FieldCheck& check, const Message& message) {
    if (!check.rules.required() || check.field->type() != FieldDescriptor::TYPE_STRING) return false;
    std::string scratch;
    return !base::HasVisibleCharacter(message.GetReflection()->GetStringReference(message, check.field, &scratch));
  }

  std::optional<std::string> FaultOfSingle(const FieldCheck& check, const Message& message) const {
    const Reflection* reflection = message.GetReflection();
    std::string scratch;
    switch (check.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return FaultOfString(check, reflection->GetStringReference(message, check.field, &scratch));
      case FieldDescriptor::CPPTYPE_ENUM:
        return FaultOfEnum(check, reflection->GetEnumValue(message, check.field));
      case FieldDescriptor::CPPTYPE_INT32:
        return FaultOfInteger(check, reflection->GetInt32(message, check.field));
      case FieldDescriptor::CPPTYPE_INT64:
        return FaultOfInteger(check, reflection->GetInt64(message, check.field));
      case FieldDescriptor::CPPTYPE_UINT32:
        return FaultOfInteger(check, reflection->GetUInt32(message, check.field));
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> FaultOfEntry(const FieldCheck& check, const Message& message, int index) const {
    const Reflection* reflection = message.GetReflection();
    std::string scratch;
    switch (check.field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING: {
        const std::string& text = reflection->GetRepeatedStringReference(message, check.field, index, &scratch);
        if (text.empty()) return "no empty entry";
        return FaultOfString(check, text);
      }
      case FieldDescriptor::CPPTYPE_ENUM:
        return FaultOfEnum(check, reflection->GetRepeatedEnumValue(message, check.field, index));
      case FieldDescriptor::CPPTYPE_INT32:
        return FaultOfInteger(check, reflection->GetRepeatedInt32(message, check.field, index));
      case FieldDescriptor::CPPTYPE_INT64:
        return FaultOfInteger(check, reflection->GetRepeatedInt64(message, check.field, index));
      default:
        return std::nullopt;
    }
  }

  std::optional<std::string> FaultOfString(const FieldCheck& check, std::string_view text) const {
    const bool bytes = check.field->type() == FieldDescriptor::TYPE_BYTES;
    return bytes ? FaultOfBytes(check, text) : FaultOfText(check, is_time_zone_, text);
  }

  void Keep(std::optional<std::string> fault) {
    if (fault) Add(path_, *std::move(fault));
  }

  const RuleBook::IsTimeZone& is_time_zone_;
  const Method& method_;
  const FieldMask* mask_ = nullptr;  // of an update, complete; nullptr: everything is demanded
  bool in_resource_ = false;         // the walk is within the masked resource, at mask_path_
  bool demanded_ = true;             // where no mask speaks
  std::string path_;
  std::string mask_path_;
  std::vector<base::FieldViolation> violations_;
};

}  // namespace

RuleBook::RuleBook(IsTimeZone is_time_zone) : is_time_zone_(std::move(is_time_zone)) {}
RuleBook::~RuleBook() = default;

absl::Status RuleBook::Compile(const Descriptor* message) { return CompileMessage(message).status(); }

absl::StatusOr<const MessageCheck*> RuleBook::CompileMessage(const Descriptor* message) {
  auto [entry, is_new] = messages_.try_emplace(message, nullptr);
  if (!is_new) return entry->second.get();
  entry->second = std::make_unique<MessageCheck>();
  MessageCheck* const checks = entry->second.get();  // known by now to the messages that hold themselves
  for (int i = 0; i < message->field_count(); ++i) {
    const FieldDescriptor* field = message->field(i);
    if (field->is_map()) {
      return absl::FailedPreconditionError(fmt::format("{}: the field rules know no maps", field->full_name()));
    }
    ASSIGN_OR_RETURN(FieldCheck check, CompileField(field));
    if (field->message_type() != nullptr && !IsWellKnown(field->message_type())) {
      ASSIGN_OR_RETURN(check.message, CompileMessage(field->message_type()));
    }
    checks->fields.push_back(std::move(check));
  }
  return checks;
}

absl::Status RuleBook::Check(const Method& method, Message* request) const {
  const MessageCheck& checks = *messages_.at(request->GetDescriptor());
  ClearIgnored(checks, method, request);
  TrimTexts(checks, request);
  Walk walk(is_time_zone_, method);
  const Reflection* reflection = request->GetReflection();
  if (method.update_mask == nullptr || !reflection->HasField(*request, method.resource)) {
    walk.Request(checks, *request, nullptr);
    return std::move(walk).Result();
  }
  const auto mask =
      UpdateMask::Read(MaskOf(*request, method.update_mask), reflection->GetMessage(*request, method.resource));
  if (!mask.ok()) walk.Add("updateMask", "paths of fields of the resource, or \"*\" alone");
  static const FieldMask& nothing = *new FieldMask;
  walk.Request(checks, *request, mask.ok() ? &mask->proto() : &nothing);
  return std::move(walk).Result();
}

absl::Status RuleBook::CheckPart(Message* message) const {
  static const Method& none = *new Method;
  const MessageCheck& checks = *messages_.at(message->GetDescriptor());
  TrimTexts(checks, message);
  Walk walk(is_time_zone_, none);
  walk.Request(checks, *message, nullptr);
  return std::move(walk).Result();
}

}  // namespace invoice::rpc
