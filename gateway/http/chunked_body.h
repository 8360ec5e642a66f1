// The chunked transfer coding (RFC 9112, section 7.1), read strictly. Poco takes a broken chunk for the end of the
// body, after which the rest of it would pass for the next request. Pure but for its source.
#pragma once

#include <cstddef>
#include <string>

namespace invoice::gateway {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // The next byte, or a negative number at the end.
  virtual int Get() = 0;
  // Up to `size` bytes; 0 or less at the end.
  virtual int Read(char* buffer, int size) = 0;
};

enum class ChunkedResult {
  kWhole,
  kMalformed,
  kTooLarge,   // the rest was not read
  kBrokenOff,  // the source ended before the body did
};

// Appends the body to `body`, at most `limit` bytes. Trailer fields are read over.
ChunkedResult ReadChunkedBody(ByteSource& source, size_t limit, std::string* body);

}  // namespace invoice::gateway
