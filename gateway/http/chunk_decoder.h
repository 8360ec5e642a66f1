// The chunked transfer coding (RFC 9112, section 7.1), read strictly, from bytes as they arrive. Beast takes bare line
// feeds for more to come, and asserts on a last chunk that arrives in small pieces. Not thread safe.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace invoice::gateway {

class ChunkDecoder {
 public:
  enum class Result {
    kMore,
    kWhole,
    kMalformed,
    kTooLarge,
  };

  // Takes bytes off the front of `bytes` and appends what they carry to `body`, at most `limit` bytes in all. Trailer
  // fields are read over. After kWhole, `bytes` begins with the next request.
  Result Take(std::string_view* bytes, size_t limit, std::string* body);

 private:
  enum class Step { kSize, kData, kDataEnd, kTrailer };

  Result TakeLine(std::string_view* bytes);
  Result EndLine(size_t room);
  Result ReadSize(size_t room);

  Step step_ = Step::kSize;
  std::string line_;  // so far, with its CR
  size_t left_ = 0;   // of the chunk's data
  size_t trailer_bytes_ = 0;
};

}  // namespace invoice::gateway
