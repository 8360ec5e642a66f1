// Bytes that came in and were not yet read: one piece of memory that grows with what arrives. Not thread safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "gateway/limits.h"

namespace invoice::gateway {

class ReadBuffer {
 public:
  std::string_view bytes() const { return {data_.get() + begin_, end_ - begin_}; }
  size_t size() const { return end_ - begin_; }
  size_t capacity() const { return capacity_; }

  // Makes room behind the bytes: what is left of the memory, twice the memory where the last read filled it.
  void Prepare() {
    if (begin_ == end_) begin_ = end_ = 0;
    const bool full = capacity_ - size() < kFirstReadBytes / 2;
    if (full || (filled_ && capacity_ < kMaxReadBytes)) {
      Move(std::max(kFirstReadBytes, 2 * capacity_));
    } else if (capacity_ - end_ < kFirstReadBytes / 2) {
      Move(capacity_);
    }
    filled_ = false;
  }
  char* room() { return data_.get() + end_; }
  size_t room_size() const { return std::min(capacity_ - end_, kMaxReadBytes); }

  void Commit(size_t count) {
    filled_ = count == room_size();
    end_ += count;
  }
  void Consume(size_t count) { begin_ += count; }
  // Gives memory back that an idle connection should not hold.
  void Shrink() {
    if (size() == 0 && capacity_ > kFirstReadBytes) *this = ReadBuffer();
  }

 private:
  void Move(size_t capacity) {
    std::unique_ptr<char[]> moved(new char[capacity]);
    if (size() > 0) std::memcpy(moved.get(), data_.get() + begin_, size());
    data_ = std::move(moved);
    end_ -= begin_;
    begin_ = 0;
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_;
  size_t capacity_ = 0;
  size_t begin_ = 0;
  size_t end_ = 0;
  bool filled_ = false;
};

}  // namespace invoice::gateway
