#include "random_message.h"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/descriptor_database.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/json_util.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <utility>

#include "gateway/transcode/wire.h"
#include "kinds.pb.h"

namespace invoice::gateway {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

void RandomMessages::Fill(Message* message, int depth, bool readable) {
  readable_ = readable;
  if (FillWellKnown(message, depth)) return;
  const Descriptor* type = message->GetDescriptor();
  const bool value = type->well_known_type() == Descriptor::WELLKNOWNTYPE_VALUE;
  if (value) {
    const int kinds = depth > 0 ? 6 : 4;
    if (readable_ || !Chance(10)) FillField(message, type->field(static_cast<int>(Below(kinds))), depth);
    return;
  }
  for (int i = 0; i < type->field_count(); ++i) {
    const FieldDescriptor* field = type->field(i);
    const bool needed = readable_ && type->options().map_entry();
    const bool deep = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && !field->is_map() && depth <= 0;
    if (!needed && (deep || !Chance(2))) continue;
    const uint32_t count = field->is_repeated() ? Below(4) : 1;
    for (uint32_t k = 0; k < count; ++k) FillField(message, field, depth);
  }
}

int64_t RandomMessages::Number() {
  constexpr int64_t kEdges[] = {0,
                                1,
                                -1,
                                127,
                                128,
                                300,
                                std::numeric_limits<int32_t>::max(),
                                std::numeric_limits<int32_t>::min(),
                                std::numeric_limits<uint32_t>::max(),
                                std::numeric_limits<int64_t>::max(),
                                std::numeric_limits<int64_t>::min()};
  if (Chance(2)) return kEdges[Below(std::size(kEdges))];
  const auto bits = static_cast<uint64_t>(random_()) << 32 | random_();
  return static_cast<int64_t>(bits >> Below(64));
}

double RandomMessages::Real() {
  constexpr double kEdges[] = {0, -0.0, 0.1, 1, -2.5, 1e15, 1e16, 123456789, 1e-7, 1e300, 5e-324, 0.30000000000000004};
  if (Chance(2)) return kEdges[Below(std::size(kEdges))];
  const double value = std::bit_cast<double>(static_cast<uint64_t>(random_()) << 32 | random_());
  return readable_ && !std::isfinite(value) ? 7 : value;
}

std::string RandomMessages::Text() {
  static const char* const kPieces[] = {"a",      "Rechnung", "\"",     "\\",     "<b>",          "\n",
                                        "\x01",   "\x7f",     "ü",      "€",      "\U0001f600",   "\u200b",
                                        "\u00ad", "\u2028",   "\u0085", " ",      "0123456789ab", "/",
                                        "\ufeff", "\t\b\f\r", "\u0602", "\u05d0", "\U000e0021",   "plain words"};
  std::string text;
  for (uint32_t i = Below(5); i > 0; --i) text += Chance(2) ? "abc" : kPieces[Below(std::size(kPieces))];
  return text;
}

bool RandomMessages::FillWellKnown(Message* message, int depth) {
  constexpr int32_t kNanos[] = {0, 5, 1000, 1'500'000, 999'999'999, 120'000'000};
  const int32_t nanos = kNanos[Below(std::size(kNanos))];
  if (message->GetDescriptor()->well_known_type() == Descriptor::WELLKNOWNTYPE_TIMESTAMP) {
    constexpr int64_t kFirst = -62'135'596'800;
    google::protobuf::Timestamp time;
    const auto spread = static_cast<uint64_t>(253'402'300'799 - kFirst + 1);
    time.set_seconds(kFirst + static_cast<int64_t>(static_cast<uint64_t>(Number()) % spread));
    time.set_nanos(nanos);
    message->CopyFrom(time);
    return true;
  }
  if (message->GetDescriptor()->well_known_type() == Descriptor::WELLKNOWNTYPE_DURATION) {
    google::protobuf::Duration duration;
    const int sign = Chance(2) ? -1 : 1;
    duration.set_seconds(sign * static_cast<int64_t>(static_cast<uint64_t>(Number()) % 315'576'000'000));
    duration.set_nanos(sign * nanos);
    message->CopyFrom(duration);
    return true;
  }
  if (message->GetDescriptor()->well_known_type() == Descriptor::WELLKNOWNTYPE_FIELDMASK) {
    google::protobuf::FieldMask mask;
    for (const char* path : {"name", "payment_terms.days", "a_b_c"}) {
      if (Chance(2)) mask.add_paths(path);
    }
    message->CopyFrom(mask);
    return true;
  }
  if (message->GetDescriptor()->well_known_type() == Descriptor::WELLKNOWNTYPE_ANY) {
    FillAny(message, depth);
    return true;
  }
  return false;
}

void RandomMessages::FillAny(Message* message, int depth) {
  google::protobuf::Any any;
  ::gateway::test::Singles singles;
  ::gateway::test::WellKnown well_known;
  google::protobuf::Timestamp time;
  google::protobuf::StringValue text;
  google::protobuf::Empty empty;
  google::protobuf::Any inner;
  Message* const kinds[] = {&singles, &well_known, &time, &text, &empty, &inner};
  Message* chosen = kinds[Below(depth > 1 ? 6 : 4)];
  Fill(chosen, depth - 2, readable_);
  if (!Chance(5)) any.PackFrom(*chosen);
  message->CopyFrom(any);
}

void RandomMessages::FillField(Message* message, const FieldDescriptor* field, int depth) {
  const auto* reflection = message->GetReflection();
  const bool many = field->is_repeated();
  const auto give = [&](auto set, auto add, auto value) {
    if (many) {
      (reflection->*add)(message, field, value);
    } else {
      (reflection->*set)(message, field, value);
    }
  };
  using R = google::protobuf::Reflection;
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return give(&R::SetInt32, &R::AddInt32, static_cast<int32_t>(Number()));
    case FieldDescriptor::CPPTYPE_INT64:
      return give(&R::SetInt64, &R::AddInt64, Number());
    case FieldDescriptor::CPPTYPE_UINT32:
      return give(&R::SetUInt32, &R::AddUInt32, static_cast<uint32_t>(Number()));
    case FieldDescriptor::CPPTYPE_UINT64:
      return give(&R::SetUInt64, &R::AddUInt64, static_cast<uint64_t>(Number()));
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return give(&R::SetDouble, &R::AddDouble, Real());
    case FieldDescriptor::CPPTYPE_FLOAT: {
      const double real = Real();
      const bool large = std::isfinite(real) && std::fabs(real) > std::numeric_limits<float>::max();
      return give(&R::SetFloat, &R::AddFloat, large ? 16777216.0F : static_cast<float>(real));
    }
    case FieldDescriptor::CPPTYPE_BOOL:
      return give(&R::SetBool, &R::AddBool, Chance(2));
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto* type = field->enum_type();
      const int known = type->value(static_cast<int>(Below(static_cast<uint32_t>(type->value_count()))))->number();
      return give(&R::SetEnumValue, &R::AddEnumValue, readable_ || !Chance(5) ? known : 77);
    }
    case FieldDescriptor::CPPTYPE_STRING: {
      const std::string text = Text();
      return many ? reflection->AddString(message, field, text) : reflection->SetString(message, field, text);
    }
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(many ? reflection->AddMessage(message, field) : reflection->MutableMessage(message, field), depth - 1,
                  readable_);
  }
}

std::string RandomMessages::Scramble(std::string_view wire, const Descriptor* type, int depth) {
  std::vector<std::string> pieces;
  const auto add = [&pieces](uint32_t tag, const auto& write) {
    std::string piece;
    WireAppender appender(&piece);
    appender.Varint(tag);
    write(appender);
    pieces.push_back(std::move(piece));
  };
  WireCursor cursor(wire);
  while (!cursor.done()) {
    const char* begin = cursor.at();
    uint32_t tag = 0;
    if (!cursor.Tag(&tag)) break;
    const FieldDescriptor* field = type->FindFieldByNumber(static_cast<int>(NumberOf(tag)));
    std::string_view bytes;
    if (WireTypeOf(tag) == WireType::kLength && field != nullptr && cursor.Length(&bytes)) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE && depth < 8) {
        const std::string inner = Scramble(bytes, field->message_type(), depth + 1);
        add(tag, [&](WireAppender& to) { to.Bytes(inner); });
        continue;
      }
      const bool varints = field->is_packable() && (tag & 7) == 2;
      if (varints && field->type() == FieldDescriptor::TYPE_INT32 && Chance(2)) {
        WireCursor numbers(bytes);
        uint64_t number = 0;
        while (!numbers.done() && numbers.Varint(&number)) {
          add(MakeTag(NumberOf(tag), WireType::kVarint), [&](WireAppender& to) { to.Varint(number); });
        }
        continue;
      }
    } else if (!cursor.Skip(tag)) {
      break;
    }
    pieces.emplace_back(begin, static_cast<size_t>(cursor.at() - begin));
  }
  if (Chance(3)) add(MakeTag(9999, WireType::kVarint), [](WireAppender& to) { to.Varint(5); });
  if (Chance(3)) add(MakeTag(9998, WireType::kLength), [](WireAppender& to) { to.Bytes("unknown"); });
  if (Chance(3)) {
    add(MakeTag(9997, WireType::kStartGroup), [](WireAppender& to) {
      to.Varint(MakeTag(1, WireType::kFixed32));
      to.Fixed32(7);
      to.Varint(MakeTag(9997, WireType::kEndGroup));
    });
  }
  if (!pieces.empty() && Chance(3)) pieces.push_back(pieces[Below(static_cast<uint32_t>(pieces.size()))]);
  if (Chance(2)) std::shuffle(pieces.begin(), pieces.end(), random_);
  std::string scrambled;
  for (const std::string& piece : pieces) scrambled += piece;
  return scrambled;
}

std::vector<const Descriptor*> AllMessageTypes() {
  std::vector<std::string> names;
  google::protobuf::DescriptorPool::internal_generated_database()->FindAllFileNames(&names);
  std::sort(names.begin(), names.end());
  std::vector<const Descriptor*> types;
  for (const std::string& name : names) {
    if (!name.starts_with("invoice/v1/") && name != "kinds.proto" && name != "shelf.proto") continue;
    const auto* file = google::protobuf::DescriptorPool::generated_pool()->FindFileByName(name);
    for (int i = 0; file != nullptr && i < file->message_type_count(); ++i) types.push_back(file->message_type(i));
  }
  return types;
}

int CountOfRandomMessages() {
  const char* given = std::getenv("INVOICE_RANDOM_MESSAGES");
  return given == nullptr ? 100'000 : std::atoi(given);
}

std::optional<std::string> JsonByProtobuf(const Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string json;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) return std::nullopt;
  return json;
}

namespace {

// Reads well-formed JSON without blanks.
class MemberSorter {
 public:
  explicit MemberSorter(std::string_view json) : json_(json) {}

  std::string Value() {
    if (json_[at_] == '[' || json_[at_] == '{') return Container();
    const size_t begin = at_;
    if (json_[at_] == '"') {
      String();
    } else {
      while (at_ < json_.size() && std::string_view(",]}").find(json_[at_]) == std::string_view::npos) ++at_;
    }
    return std::string(json_.substr(begin, at_ - begin));
  }

 private:
  void String() {
    for (++at_; json_[at_] != '"'; ++at_) at_ += json_[at_] == '\\' ? 1 : 0;
    ++at_;
  }
  std::string Container() {
    const bool object = json_[at_] == '{';
    std::vector<std::string> items;
    for (++at_; json_[at_] != ']' && json_[at_] != '}';) {
      const size_t begin = at_;
      if (object) String();
      at_ += object ? 1 : 0;
      std::string item(json_.substr(begin, at_ - begin));
      items.push_back(item + Value());
      if (json_[at_] == ',') ++at_;
    }
    ++at_;
    if (object) std::sort(items.begin(), items.end());
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
    return object ? "{" + text + "}" : "[" + text + "]";
  }

  std::string_view json_;
  size_t at_ = 0;
};

}  // namespace

std::string SortMembers(std::string_view json) { return json.empty() ? "" : MemberSorter(json).Value(); }

}  // namespace invoice::gateway
