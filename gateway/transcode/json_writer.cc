#include "gateway/transcode/json_writer.h"

#include <bit>
#include <utility>

#include "base/status.h"
#include "gateway/transcode/json_encoder.h"
#include "gateway/transcode/time_text.h"

namespace invoice::gateway {

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
    if (slot.count > 0) WireCursor(PartOf(wire, slot)).Varint(&value);
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
  const size_t value = out_.size();
  if (!FieldValue(field, wire, slot)) return false;
  // A google.protobuf.Value without a kind is no value at all.
  if (out_.size() == value) out_.Shrink(begin);
  return true;
}

bool JsonEncoder::FieldValue(const FieldTable& field, std::string_view wire, Slot slot) {
  if (field.map) return Map(field, wire, slot);
  return field.repeated ? List(field, wire, slot) : Single(field, wire, slot);
}

bool JsonEncoder::Single(const FieldTable& field, std::string_view wire, Slot slot) {
  if (field.kind != WireKind::kMessage || slot.count == 1) return ValueAt(field, PartOf(wire, slot));
  std::string joined;
  std::string_view whole;
  return Whole(field, wire, slot, &joined, &whole) && ValueAt(field, whole);
}

// Parts of one message, one after the other, are the whole message.
bool JsonEncoder::Whole(const FieldTable& field, std::string_view wire, Slot slot, std::string* joined,
                        std::string_view* whole) {
  if (slot.count <= 1) {
    *whole = PartOf(wire, slot);
    return true;
  }
  const bool good = EachPart(field.tag, wire, slot, [joined](std::string_view part) {
    joined->append(part);
    return true;
  });
  *whole = *joined;
  return good;
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

bool JsonEncoder::OnlyField(const MessageTable& type, const FieldTable& field, std::string_view wire) {
  slots_.resize(type.fields().size());
  const bool good = Scan(type, wire, 0);
  const Slot slot = slots_[field.index];
  const size_t begin = out_.size();
  if (slot.count > 0) return good && FieldValue(field, wire, slot) && (out_.size() > begin || (out_.Raw("null"), true));
  out_.Raw(field.absent.empty() ? "null" : std::string_view(field.absent).substr(field.label.size()));
  return good;
}

namespace {

template <typename Write>
absl::Status WriteWith(const MessageTable& type, std::string_view wire, std::string* out, const Write& write) {
  const size_t before = out->size();
  if (wire.size() < UINT32_MAX) {
    JsonOutput output(out, wire.size() * 2 + 512);
    JsonEncoder encoder(type.tables(), &output);
    if (write(encoder)) {
      output.Finish();
      return absl::OkStatus();
    }
  }
  out->resize(before);
  return base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the service's answer cannot be shown");
}

}  // namespace

absl::Status WriteJson(const MessageTable& type, std::string_view wire, std::string* out) {
  return WriteWith(type, wire, out, [&](JsonEncoder& encoder) { return encoder.Message(type, wire); });
}

absl::Status WriteJsonOf(const FieldTable& field, const MessageTable& type, std::string_view wire, std::string* out) {
  return WriteWith(type, wire, out, [&](JsonEncoder& encoder) { return encoder.OnlyField(type, field, wire); });
}

}  // namespace invoice::gateway
