// gRPC's messages out of the bytes of a stream: a flag, a length of four bytes, the message. Not thread safe.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "gateway/upstream/upstream.h"

namespace invoice::gateway {

inline constexpr size_t kMessagePrefixBytes = 5;

// What stands before a message that is not compressed.
std::array<char, kMessagePrefixBytes> MessagePrefix(size_t size);

class MessageReader {
 public:
  enum class State {
    kPartial,     // there is not yet a whole message
    kWhole,       // one is there
    kCompressed,  // it is in a form that nobody offered
    kTooLarge,    // it is longer than base::kMaxResponseBytes
  };

  // Takes bytes up to the end of the message; gives how many it took. Takes none where one is whole or at fault.
  size_t Take(std::string_view bytes);
  State state() const { return state_; }
  // Neither a message nor a part of one.
  bool empty() const { return state_ == State::kPartial && prefix_size_ == 0; }
  // Bytes of the message that are still to come; 0 until its length is known.
  size_t missing() const { return size_ - filled_; }
  // The whole message; then the next one begins.
  MessagePtr Release();

 private:
  void ReadPrefix();

  State state_ = State::kPartial;
  std::array<char, kMessagePrefixBytes> prefix_;
  size_t prefix_size_ = 0;
  std::unique_ptr<char[]> bytes_;  // not filled beforehand: memory is taken as the message comes in
  size_t size_ = 0;
  size_t filled_ = 0;
};

}  // namespace invoice::gateway
