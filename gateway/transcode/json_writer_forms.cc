// Maps, field masks and google.protobuf.Any.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "gateway/transcode/json_encoder.h"
#include "gateway/transcode/name_map.h"

namespace invoice::gateway {

bool JsonEncoder::Map(const FieldTable& field, std::string_view wire, Slot slot) {
  constexpr size_t kCompared = 8;
  const size_t begin = out_.size();
  out_.Put('{');
  absl::InlinedVector<std::pair<size_t, size_t>, kCompared> keys;
  const bool good = EachPart(field.tag, wire, slot, [&](std::string_view entry) {
    std::pair<size_t, size_t> key;
    if (!Entry(field, entry, &key)) return false;
    if (key.second > 0) keys.push_back(key);
    return true;
  });
  if (!good) return false;
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
  NameMap<std::string_view> entries;
  std::vector<std::string_view> order;
  const bool good = EachPart(field.tag, wire, slot, [&](std::string_view entry) {
    std::pair<size_t, size_t> key;
    if (!Entry(field, entry, &key)) return false;
    if (key.second > 0) entries.insert_or_assign(std::string(out_.View(key.first, key.second)), entry);
    out_.Shrink(begin);
    return true;
  });
  if (!good) return false;
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
  } else if (!ValueAt(key, PartOf(entry, slot))) {
    return false;
  }
  if (!quoted) out_.Put('"');
  return true;
}

bool JsonEncoder::FieldMask(const FieldTable& paths, std::string_view wire, Slot slot) {
  out_.Put('"');
  bool first = true;
  const bool good = EachPart(paths.tag, wire, slot, [&](std::string_view path) {
    if (!std::exchange(first, false)) out_.Put(',');
    return MaskPath(path);
  });
  out_.Put('"');
  return good;
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
  const std::string_view url = url_slot.count > 0 ? PartOf(wire, url_slot) : std::string_view();
  const std::string_view value = value_slot.count > 0 ? PartOf(wire, value_slot) : std::string_view();
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

}  // namespace invoice::gateway
