// Bytes on their way into a socket: small ones are gathered in one piece of memory, large ones stay where they are. Not
// thread safe.
#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace invoice::gateway {

class Output {
 public:
  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }

  void Append(std::string_view bytes);
  // Without a copy; `owner` keeps the bytes.
  void Refer(std::string_view bytes, std::shared_ptr<const void> owner);
  // The first pieces; gives how many.
  size_t Fill(iovec* pieces, size_t count) const;
  void Consume(size_t count);
  void Clear();

 private:
  struct Piece {
    const char* bytes;  // null where they are in own_
    size_t begin;       // in own_
    size_t size;
    std::shared_ptr<const void> owner;
  };

  std::string own_;
  std::vector<Piece> pieces_;
  size_t first_ = 0;   // of the pieces that are not yet out
  size_t offset_ = 0;  // what is out of that one
  size_t size_ = 0;
};

}  // namespace invoice::gateway
