#include "rpc/entry_count.h"

#include <google/protobuf/wire_format_lite.h>

namespace invoice::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kMaxDepth = 64;  // deeper messages are refused when they are parsed

class Counter {
 public:
  explicit Counter(int64_t most) : left_(most) {}

  bool exceeded() const { return left_ < 0; }

  // False where the bytes are malformed or there are too many entries.
  bool Read(const Descriptor* type, CodedInputStream* bytes, int depth) {
    while (const uint32_t tag = bytes->ReadTag()) {
      const FieldDescriptor* field = type->FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
      const bool lengthy = WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
      if (field != nullptr && field->is_repeated() && --left_ < 0) return false;
      if (field == nullptr || !lengthy || field->type() == FieldDescriptor::TYPE_STRING ||
          field->type() == FieldDescriptor::TYPE_BYTES) {
        if (!WireFormatLite::SkipField(bytes, tag)) return false;
        continue;
      }
      int size = 0;
      if (!bytes->ReadVarintSizeAsInt(&size)) return false;
      if (!ReadLengthy(field, size, bytes, depth)) return false;
    }
    return true;
  }

 private:
  bool ReadLengthy(const FieldDescriptor* field, int size, CodedInputStream* bytes, int depth) {
    if (field->message_type() == nullptr || depth >= kMaxDepth) {
      if (field->message_type() == nullptr) left_ -= size;
      return left_ >= 0 && bytes->Skip(size);
    }
    const CodedInputStream::Limit limit = bytes->PushLimit(size);
    if (!Read(field->message_type(), bytes, depth + 1)) return false;
    bytes->PopLimit(limit);
    return true;
  }

  int64_t left_;
};

}  // namespace

bool HasMoreEntriesThan(int64_t most, const Descriptor* type, CodedInputStream* bytes) {
  Counter counter(most);
  counter.Read(type, bytes, 0);
  return counter.exceeded();
}

}  // namespace invoice::rpc
