#include "gateway/upstream/output.h"

#include <algorithm>
#include <utility>

namespace invoice::gateway {
namespace {

constexpr size_t kKeptBytes = 64 * 1024;  // of memory, while there is nothing to write

}  // namespace

void Output::Append(std::string_view bytes) {
  if (bytes.empty()) return;
  if (pieces_.empty() || pieces_.back().bytes != nullptr) pieces_.push_back({nullptr, own_.size(), 0, nullptr});
  own_.append(bytes);
  pieces_.back().size += bytes.size();
  size_ += bytes.size();
}

void Output::Refer(std::string_view bytes, std::shared_ptr<const void> owner) {
  if (bytes.empty()) return;
  pieces_.push_back({bytes.data(), 0, bytes.size(), std::move(owner)});
  size_ += bytes.size();
}

size_t Output::Fill(iovec* pieces, size_t count) const {
  size_t filled = 0;
  size_t skip = offset_;
  for (size_t i = first_; i < pieces_.size() && filled < count; ++i) {
    const Piece& piece = pieces_[i];
    const char* bytes = piece.bytes != nullptr ? piece.bytes : own_.data() + piece.begin;
    pieces[filled++] = {const_cast<char*>(bytes + skip), piece.size - skip};
    skip = 0;
  }
  return filled;
}

void Output::Consume(size_t count) {
  size_ -= count;
  if (size_ == 0) return Clear();
  offset_ += count;
  while (offset_ >= pieces_[first_].size) {
    offset_ -= pieces_[first_].size;
    pieces_[first_++].owner.reset();
  }
}

void Output::Clear() {
  if (own_.capacity() > kKeptBytes) own_ = std::string();
  own_.clear();
  pieces_.clear();
  first_ = offset_ = size_ = 0;
}

}  // namespace invoice::gateway
