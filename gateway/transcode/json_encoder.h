// The inside of WriteJson(): one message at a time, with those within it. Only json_writer*.cc include it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/inlined_vector.h"
#include "gateway/transcode/json_output.h"
#include "gateway/transcode/message_table.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {

// Where a field's occurrences lie in the bytes of its message.
struct Slot {
  uint32_t first = 0;  // the first tag
  uint32_t value = 0;  // the last value; of texts and messages behind the length
  uint32_t end = 0;    // behind the last value
  uint32_t count = 0;
};

// Writes messages one within the other. Not thread safe.
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
  // The value of one field, in place of the message.
  bool OnlyField(const MessageTable& type, const FieldTable& field, std::string_view wire);

 private:
  // Fills the slots of the message's fields, which begin at `base`.
  bool Scan(const MessageTable& type, std::string_view wire, size_t base);
  void Note(const MessageTable& type, const FieldTable& field, Slot found, size_t base);
  bool Write(const MessageTable& type, std::string_view wire, size_t base);
  bool Fields(const MessageTable& type, std::string_view wire, size_t base);
  bool Field(const FieldTable& field, std::string_view wire, Slot slot);
  bool FieldValue(const FieldTable& field, std::string_view wire, Slot slot);
  bool Single(const FieldTable& field, std::string_view wire, Slot slot);
  // All parts of a single message, joined where there are several.
  bool Whole(const FieldTable& field, std::string_view wire, Slot slot, std::string* joined, std::string_view* whole);
  // Writes one value: at the cursor, or one whose end is known.
  bool Value(const FieldTable& field, WireCursor& cursor);
  bool ValueAt(const FieldTable& field, std::string_view value);
  bool List(const FieldTable& field, std::string_view wire, Slot slot);
  bool Packed(const FieldTable& field, std::string_view values);
  // Writes all entries, or each key's last entry only.
  bool Map(const FieldTable& field, std::string_view wire, Slot slot);
  bool MapOnce(const FieldTable& field, std::string_view wire, Slot slot);
  bool Entry(const FieldTable& field, std::string_view entry, std::pair<size_t, size_t>* key);
  bool MapKey(const FieldTable& key, std::string_view entry, Slot slot);
  bool Enum(const FieldTable& field, uint64_t number);
  bool FieldMask(const FieldTable& paths, std::string_view wire, Slot slot);
  bool MaskPath(std::string_view path);
  bool Any(std::string_view wire, size_t base);
  bool AnyContent(std::string_view url, std::string_view value);
  // Whether a google.protobuf.Value has a value.
  static bool HasKind(const MessageTable& type, std::string_view wire);

  const MessageTables& tables_;
  JsonOutput& out_;
  absl::InlinedVector<Slot, 96> slots_;  // of the messages that are being written, outermost first
  int depth_ = 0;
};

// Calls `take` with each value of a field that has a length. False where the bytes are malformed or `take` says so.
template <typename Take>
bool EachPart(uint32_t tag, std::string_view wire, Slot slot, const Take& take) {
  WireCursor cursor(wire.substr(slot.first, slot.end - slot.first));
  while (!cursor.done()) {
    uint32_t found = 0;
    std::string_view part;
    if (!cursor.Tag(&found)) return false;
    if (!(found == tag ? cursor.Length(&part) && take(part) : cursor.Skip(found))) return false;
  }
  return true;
}

inline std::string_view PartOf(std::string_view wire, Slot slot) {
  return wire.substr(slot.value, slot.end - slot.value);
}

}  // namespace invoice::gateway
