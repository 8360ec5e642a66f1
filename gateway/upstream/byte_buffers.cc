#include "gateway/upstream/byte_buffers.h"

#include <utility>

namespace invoice::gateway {
namespace {

class SliceBytes final : public MessageBytes {
 public:
  explicit SliceBytes(grpc::Slice slice) : slice_(std::move(slice)) {}
  std::string_view view() const override { return {reinterpret_cast<const char*>(slice_.begin()), slice_.size()}; }

 private:
  const grpc::Slice slice_;
};

}  // namespace

grpc::ByteBuffer ToBuffer(std::string bytes) {
  auto* kept = new std::string(std::move(bytes));
  const grpc::Slice slice(
      kept->data(), kept->size(), [](void* owner) { delete static_cast<std::string*>(owner); }, kept);
  return {&slice, 1};
}

MessagePtr TakeMessage(grpc::ByteBuffer* buffer) {
  grpc::Slice slice;
  // In one piece as it is, or else joined.
  if (!buffer->TrySingleSlice(&slice).ok() && !buffer->DumpToSingleSlice(&slice).ok()) return nullptr;
  buffer->Clear();
  return std::make_unique<SliceBytes>(std::move(slice));
}

}  // namespace invoice::gateway
