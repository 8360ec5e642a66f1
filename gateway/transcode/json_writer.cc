#include "gateway/transcode/json_writer.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/inlined_vector.h"
#include "base/status.h"
#include "gateway/transcode/json_output.h"
#include "gateway/transcode/time_text.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {
namespace {

// Where a field's occurrences lie in the bytes of its message.
struct Slot {
  uint32_t first = 0;  // the first tag
  uint32_t value = 0;  // the last value; of texts and messages behind the length
  uint32_t end = 0;    // behind the last value
  uint32_t count = 0;
};

class JsonEncoder {
 public:
  JsonEncoder(const MessageTables& tables, JsonOutput* out) : tables_(tables), out_(*out) {}

  // Every function answers false where the bytes cannot be shown.
  bool Message(const MessageTable& type, std::string_view wire) {
    if (depth_ == kMaxWireDepth) return false;
    ++depth_;
    const size_t base = slots_.size();
    slots_.resize(base + type.fields().size());
    const bool good = Scan(type, wire, base) && Write(type, wire, base);
    slots_.resize(base);
    --depth_;
    return good;
  }

 private:
  bool Scan(const MessageTable& type, std::string_view wire, size_t base);
  void Note(const MessageTable& type, const FieldTable& field, Slot found, size_t base);
  bool Write(const MessageTable& type, std::string_view wire, size_t base);
  bool Fields(const MessageTable& type, std::string_view wire, size_t base);
  bool Field(const FieldTable& field, std::string_view wire, Slot slot);
  bool Single(const FieldTable& field, std::string_view wire, Slot slot);
  bool Whole(const FieldTable& field, std::string_view wire, Slot slot, std::string* joined, std::string_view* whole);
  bool Value(const FieldTable& field, WireCursor& cursor);
  bool ValueAt(const FieldTable& field, std::string_view value);
  bool List(const FieldTable& field, std::string_view wire, Slot slot);
  bool Packed(const FieldTable& field, std::string_view values);
  bool Map(const FieldTable& field, std::string_view wire, Slot slot);
  bool Entry(const FieldTable& field, std::string_view entry, std::pair<size_t, size_t>* key);
  bool MapKey(const FieldTable& key, std::string_view entry, Slot slot);
  bool MapOnce(const FieldTable& field, std::string_view wire, Slot slot);
  bool Enum(const FieldTable& field, uint64_t number);
  bool FieldMask(const FieldTable& paths, std::string_view wire, Slot slot);
  bool MaskPath(std::string_view path);
  bool Any(std::string_view wire, size_t base);
  bool AnyContent(std::string_view url, std::string_view value);
  static bool HasKind(const MessageTable& type, std::string_view wire);

  const MessageTables& tables_;
  JsonOutput& out_;
  absl::InlinedVector<Slot, 96> slots_;  // of the messages that are being written, outermost first
  int depth_ = 0;
};

std::string_view Part(std::string_view wire, Slot slot) { return wire.substr(slot.value, slot.end - slot.value); }

bool JsonEncoder::Scan(const MessageTable& type, std::string_view wire, size_t base) {
  WireCursor cursor(wire);
  const char* const begin = wire.data();
  while (!cursor.done()) {
    Slot found;
    found.first = static_cast<uint32_t>(cursor.at() - begin);
    uint32_t tag = 0;
    if (!cursor.Tag(&tag)) return false;
    const FieldTable* field = type.ByNumber(NumberOf(tag));
    if (field == nullptr || (tag != field->tag && tag != field->packed_tag)) {
      if (!cursor.Skip(tag)) return false;
      continue;
    }
    if (WireTypeOf(tag) == WireType::kLength) {
      std::string_view bytes;
      if (!cursor.Length(&bytes)) return false;
      found.value = static_cast<uint32_t>(bytes.data() - begin);
    } else {
      found.value = static_cast<uint32_t>(cursor.at() - begin);
      if (!cursor.Skip(tag)) return false;
    }
    found.end = static_cast<uint32_t>(cursor.at() - begin);
    Note(type, *field, found, base);
  }
  return true;
}

void JsonEncoder::Note(const MessageTable& type, const FieldTable& field, Slot found, size_t base) {
  Slot& slot = slots_[base + field.index];
  // The last alternative stands; one of the same kind before it is gone.
  if (field.oneof >= 0 && slot.count == 0) {
    for (const uint16_t other : type.oneof_fields(field.oneof)) slots_[base + other] = Slot();
  }
  if (slot.count == 0) slot.first = found.first;
  slot.value = found.value;
  slot.end = found.end;
  ++slot.count;
}

bool JsonEncoder::Write(const MessageTable& type, std::string_view wire, size_t base) {
  const auto number = [&](size_t index) {
    uint64_t value = 0;
    const Slot& slot = slots_[base + index];
    if (slot.count > 0) WireCursor(Part(wire, slot)).Varint(&value);
    return value;
  };
  switch (type.form()) {
    case MessageForm::kObject:
      return Fields(type, wire, base);
    case MessageForm::kTimestamp:
      return WriteTimestamp({static_cast<int64_t>(number(0)), static_cast<int32_t>(number(1))}, &out_);
    case MessageForm::kDuration:
      return WriteDuration({static_cast<int64_t>(number(0)), static_cast<int32_t>(number(1))}, &out_);
    case MessageForm::kFieldMask:
      return FieldMask(type.fields()[0], wire, slots_[base]);
    case MessageForm::kWrapper:
      if (slots_[base].count > 0) return Single(type.fields()[0], wire, slots_[base]);
      out_.Raw(type.fields()[0].zero);
      return true;
    case MessageForm::kStruct:
      if (slots_[base].count > 0) return Map(type.fields()[0], wire, slots_[base]);
      out_.Raw("{}");
      return true;
    case MessageForm::kValue:
      for (const FieldTable& field : type.fields()) {
        const Slot slot = slots_[base + field.index];
        if (slot.count > 0) return Single(field, wire, slot);
      }
      out_.Raw("null");
      return true;
    case MessageForm::kListValue:
      if (slots_[base].count > 0) return List(type.fields()[0], wire, slots_[base]);
      out_.Raw("[]");
      return true;
    case MessageForm::kAny:
      return Any(wire, base);
  }
  return false;
}

// Every label begins with a comma; the first one becomes the brace.
bool JsonEncoder::Fields(const MessageTable& type, std::string_view wire, size_t base) {
  const size_t begin = out_.size();
  for (const FieldTable& field : type.fields()) {
    const Slot slot = slots_[base + field.index];
    if (slot.count == 0) {
      out_.Raw(field.absent);
    } else if (!Field(field, wire, slot)) {
      return false;
    }
  }
  if (out_.size() == begin) out_.Put('{');
  out_[begin] = '{';
  out_.Put('}');
  return true;
}

bool JsonEncoder::Field(const FieldTable& field, std::string_view wire, Slot slot) {
  const size_t begin = out_.size();
  out_.Raw(field.label);
  if (field.map) return Map(field, wire, slot);
  if (field.repeated) return List(field, wire, slot);
  const size_t value = out_.size();
  if (!Single(field, wire, slot)) return false;
  // A google.protobuf.Value without a kind is no value at all.
  if (out_.size() == value) out_.Shrink(begin);
  return true;
}

bool JsonEncoder::Single(const FieldTable& field, std::string_view wire, Slot slot) {
  if (field.kind != WireKind::kMessage || slot.count == 1) return ValueAt(field, Part(wire, slot));
  std::string joined;
  std::string_view whole;
  return Whole(field, wire, slot, &joined, &whole) && ValueAt(field, whole);
}

// Parts of one message, one after the other, are the whole message.
bool JsonEncoder::Whole(const FieldTable& field, std::string_view wire, Slot slot, std::string* joined,
                        std::string_view* whole) {
  if (slot.count <= 1) {
    *whole = Part(wire, slot);
    return true;
  }
  WireCursor cursor(wire.substr(slot.first, slot.end - slot.first));
  while (!cursor.done()) {
    uint32_t tag = 0;
    std::string_view part;
    if (!cursor.Tag(&tag)) return false;
    if (tag != field.tag) {
      if (!cursor.Skip(tag)) return false;
    } else if (cursor.Length(&part)) {
      joined->append(part);
    } else {
      return false;
    }
  }
  *whole = *joined;
  return true;
}

// A value whose length is known.
bool JsonEncoder::ValueAt(const FieldTable& field, std::string_view value) {
  switch (field.kind) {
    case WireKind::kString:
      return out_.Text(value);
    case WireKind::kBytes:
      out_.Base64(value);
      return true;
    case WireKind::kMessage:
      if (field.form() == MessageForm::kValue && !HasKind(*field.message, value)) return true;
      return Message(*field.message, value);
    default: {
      WireCursor cursor(value);
      return Value(field, cursor);
    }
  }
}

// One number, as in a packed list.
bool JsonEncoder::Value(const FieldTable& field, WireCursor& cursor) {
  uint64_t wide = 0;
  uint32_t narrow = 0;
  const auto varint = [&] { return cursor.Varint(&wide); };
  const auto fixed64 = [&] { return cursor.Fixed64(&wide); };
  const auto fixed32 = [&] { return cursor.Fixed32(&narrow); };
  const auto quoted = [this](auto write) {
    out_.Put('"');
    write();
    out_.Put('"');
    return true;
  };
  switch (field.kind) {
    case WireKind::kInt32:
      return varint() && (out_.Signed(static_cast<int32_t>(wide)), true);
    case WireKind::kSint32:
      return varint() && (out_.Signed(static_cast<int32_t>(UnZigZag(static_cast<uint32_t>(wide)))), true);
    case WireKind::kUint32:
      return varint() && (out_.Unsigned(static_cast<uint32_t>(wide)), true);
    case WireKind::kInt64:
      return varint() && quoted([&] { out_.Signed(static_cast<int64_t>(wide)); });
    case WireKind::kSint64:
      return varint() && quoted([&] { out_.Signed(UnZigZag(wide)); });
    case WireKind::kUint64:
      return varint() && quoted([&] { out_.Unsigned(wide); });
    case WireKind::kFixed32:
      return fixed32() && (out_.Unsigned(narrow), true);
    case WireKind::kSfixed32:
      return fixed32() && (out_.Signed(static_cast<int32_t>(narrow)), true);
    case WireKind::kFixed64:
      return fixed64() && quoted([&] { out_.Unsigned(wide); });
    case WireKind::kSfixed64:
      return fixed64() && quoted([&] { out_.Signed(static_cast<int64_t>(wide)); });
    case WireKind::kFloat:
      return fixed32() && (out_.Float(std::bit_cast<float>(narrow)), true);
    case WireKind::kDouble:
      return fixed64() && (out_.Double(std::bit_cast<double>(wide)), true);
    case WireKind::kBool:
      return varint() && (out_.Raw(wide != 0 ? "true" : "false"), true);
    case WireKind::kEnum:
      return varint() && Enum(field, wide);
    case WireKind::kString:
    case WireKind::kBytes:
    case WireKind::kMessage:
      break;
  }
  return false;
}

// A number that the proto does not know stays a number.
bool JsonEncoder::Enum(const FieldTable& field, uint64_t number) {
  const auto value = static_cast<int32_t>(number);
  if (field.enums->is_null()) {
    const bool absent = value == 0 && !field.presence && !field.repeated;
    out_.Raw(absent ? field.zero : "null");
    return true;
  }
  if (const std::string_view name = field.enums->QuotedName(value); !name.empty()) {
    out_.Raw(name);
  } else {
    out_.Signed(value);
  }
  return true;
}

// Every value is followed by a comma; the last one becomes the bracket.
bool JsonEncoder::List(const FieldTable& field, std::string_view wire, Slot slot) {
  out_.Put('[');
  const size_t begin = out_.size();
  WireCursor cursor(wire.substr(slot.first, slot.end - slot.first));
  while (!cursor.done()) {
    uint32_t tag = 0;
    if (!cursor.Tag(&tag)) return false;
    std::string_view bytes;
    if (tag == field.packed_tag) {
      if (!cursor.Length(&bytes) || !Packed(field, bytes)) return false;
    } else if (tag != field.tag) {
      if (!cursor.Skip(tag)) return false;
    } else {
      const size_t value = out_.size();
      const bool sized = WireTypeOf(tag) == WireType::kLength;
      if (sized && !cursor.Length(&bytes)) return false;
      if (!(sized ? ValueAt(field, bytes) : Value(field, cursor))) return false;
      if (out_.size() > value) out_.Put(',');
    }
  }
  if (out_.size() > begin) out_.Shrink(out_.size() - 1);
  out_.Put(']');
  return true;
}

bool JsonEncoder::Packed(const FieldTable& field, std::string_view values) {
  WireCursor cursor(values);
  while (!cursor.done()) {
    if (!Value(field, cursor)) return false;
    out_.Put(',');
  }
  return true;
}

bool JsonEncoder::Map(const FieldTable& field, std::string_view wire, Slot slot) {
  constexpr size_t kCompared = 8;
  const size_t begin = out_.size();
  out_.Put('{');
  absl::InlinedVector<std::pair<size_t, size_t>, kCompared> keys;
  WireCursor cursor(wire.substr(slot.first, slot.end - slot.first));
  while (!cursor.done()) {
    uint32_t tag = 0;
    std::string_view entry;
    if (!cursor.Tag(&tag)) return false;
    if (tag != field.tag) {
      if (!cursor.Skip(tag)) return false;
      continue;
    }
    std::pair<size_t, size_t> key;
    if (!cursor.Length(&entry) || !Entry(field, entry, &key)) return false;
    if (key.second > 0) keys.push_back(key);
  }
  if (!keys.empty()) out_.Shrink(out_.size() - 1);
  out_.Put('}');
  if (keys.size() < 2) return true;
  const auto less = [this](const auto& left, const auto& right) {
    return out_.View(left.first, left.second) < out_.View(right.first, right.second);
  };
  const auto equal = [this](const auto& left, const auto& right) {
    return out_.View(left.first, left.second) == out_.View(right.first, right.second);
  };
  std::sort(keys.begin(), keys.end(), less);
  if (std::adjacent_find(keys.begin(), keys.end(), equal) == keys.end()) return true;
  out_.Shrink(begin);
  return MapOnce(field, wire, slot);
}

// Where a key stands twice, its last entry counts.
bool JsonEncoder::MapOnce(const FieldTable& field, std::string_view wire, Slot slot) {
  out_.Put('{');
  const size_t begin = out_.size();
  absl::flat_hash_map<std::string, std::string_view> entries;
  std::vector<std::string_view> order;
  WireCursor cursor(wire.substr(slot.first, slot.end - slot.first));
  while (!cursor.done()) {
    uint32_t tag = 0;
    std::string_view entry;
    if (!cursor.Tag(&tag)) return false;
    if (tag != field.tag) {
      if (!cursor.Skip(tag)) return false;
      continue;
    }
    std::pair<size_t, size_t> key;
    if (!cursor.Length(&entry) || !Entry(field, entry, &key)) return false;
    if (key.second > 0) entries.insert_or_assign(std::string(out_.View(key.first, key.second)), entry);
    out_.Shrink(begin);
  }
  for (const auto& [key, entry] : entries) order.push_back(entry);
  std::sort(order.begin(), order.end(), [](auto left, auto right) { return left.data() < right.data(); });
  for (const std::string_view entry : order) {
    std::pair<size_t, size_t> key;
    if (!Entry(field, entry, &key)) return false;
  }
  out_.Shrink(out_.size() - 1);
  out_.Put('}');
  return true;
}

// `"key":value,` and where the key stands; nothing of an entry that has no value in JSON.
bool JsonEncoder::Entry(const FieldTable& field, std::string_view entry, std::pair<size_t, size_t>* key) {
  if (depth_ == kMaxWireDepth) return false;
  const FieldTable& value = field.message->fields()[1];
  const size_t base = slots_.size();
  slots_.resize(base + 2);
  bool good = Scan(*field.message, entry, base);
  const Slot key_slot = slots_[base];
  const Slot value_slot = slots_[base + 1];
  slots_.resize(base);
  const size_t begin = out_.size();
  good = good && MapKey(field.message->fields()[0], entry, key_slot);
  *key = {begin, out_.size()};
  out_.Put(':');
  const size_t written = out_.size();
  if (value_slot.count > 0) {
    good = good && Single(value, entry, value_slot);
  } else if (value.kind == WireKind::kMessage) {
    good = good && ValueAt(value, entry.substr(0, 0));
  } else {
    out_.Raw(value.zero);
  }
  if (out_.size() == written) {
    out_.Shrink(begin);
    *key = {0, 0};
  } else {
    out_.Put(',');
  }
  return good;
}

bool JsonEncoder::MapKey(const FieldTable& key, std::string_view entry, Slot slot) {
  const bool quoted = key.zero.front() == '"';
  if (!quoted) out_.Put('"');
  if (slot.count == 0) {
    out_.Raw(key.zero);
  } else if (!ValueAt(key, Part(entry, slot))) {
    return false;
  }
  if (!quoted) out_.Put('"');
  return true;
}

bool JsonEncoder::FieldMask(const FieldTable& paths, std::string_view wire, Slot slot) {
  out_.Put('"');
  WireCursor cursor(slot.count == 0 ? wire.substr(0, 0) : wire.substr(slot.first, slot.end - slot.first));
  bool first = true;
  while (!cursor.done()) {
    uint32_t tag = 0;
    std::string_view path;
    if (!cursor.Tag(&tag)) return false;
    if (tag != paths.tag) {
      if (!cursor.Skip(tag)) return false;
      continue;
    }
    if (!cursor.Length(&path)) return false;
    if (!first) out_.Put(',');
    if (!MaskPath(path)) return false;
    first = false;
  }
  out_.Put('"');
  return true;
}

// "payment_terms.days" -> "paymentTerms.days".
bool JsonEncoder::MaskPath(std::string_view path) {
  std::string spelled;
  bool raise = false;
  for (const char c : path) {
    if (c == '_') {
      raise = !spelled.empty() && spelled.back() != '.';
      continue;
    }
    spelled += raise && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    raise = false;
  }
  return out_.Escaped(spelled);
}

bool JsonEncoder::Any(std::string_view wire, size_t base) {
  const Slot url_slot = slots_[base];
  const Slot value_slot = slots_[base + 1];
  const std::string_view url = url_slot.count > 0 ? Part(wire, url_slot) : std::string_view();
  const std::string_view value = value_slot.count > 0 ? Part(wire, value_slot) : std::string_view();
  if (url.empty()) {
    out_.Raw("{}");
    return value.empty();
  }
  out_.Raw("{\"@type\":");
  if (!out_.Text(url) || (!value.empty() && !AnyContent(url, value))) return false;
  out_.Put('}');
  return true;
}

// The fields of the message within, or "value" where it has a form of its own.
bool JsonEncoder::AnyContent(std::string_view url, std::string_view value) {
  const size_t slash = url.rfind('/');
  const MessageTable* type = slash == std::string_view::npos ? nullptr : tables_.Find(url.substr(slash + 1));
  if (type == nullptr) return false;
  if (type->form() != MessageForm::kObject) {
    out_.Raw(",\"value\":");
    return Message(*type, value);
  }
  const size_t brace = out_.size();
  if (!Message(*type, value)) return false;
  const bool empty = out_.size() == brace + 2;
  out_[brace] = ',';
  out_.Shrink(empty ? brace : out_.size() - 1);
  return true;
}

// Whether a google.protobuf.Value has one of its alternatives.
bool JsonEncoder::HasKind(const MessageTable& type, std::string_view wire) {
  WireCursor cursor(wire);
  while (!cursor.done()) {
    uint32_t tag = 0;
    if (!cursor.Tag(&tag)) return true;  // Message() finds the fault
    const FieldTable* field = type.ByNumber(NumberOf(tag));
    if (field != nullptr && field->tag == tag) return true;
    if (!cursor.Skip(tag)) return true;
  }
  return false;
}

}  // namespace

absl::Status WriteJson(const MessageTable& type, std::string_view wire, std::string* out) {
  const size_t before = out->size();
  if (wire.size() < UINT32_MAX) {
    JsonOutput output(out, wire.size() * 2 + 512);
    if (JsonEncoder(type.tables(), &output).Message(type, wire)) {
      output.Finish();
      return absl::OkStatus();
    }
  }
  out->resize(before);
  return base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the service's answer cannot be shown");
}

}  // namespace invoice::gateway
