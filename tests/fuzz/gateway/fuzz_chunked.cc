// The chunked coding: never more than the limit, never past the end of the body, and the same whatever pieces it comes
// in.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "check.h"
#include "gateway/http/chunk_decoder.h"

namespace {

using invoice::gateway::ChunkDecoder;

constexpr size_t kLimit = 4096;

struct Decoded {
  ChunkDecoder::Result result = ChunkDecoder::Result::kMore;
  std::string body;
  size_t taken = 0;
};

Decoded DecodeInPieces(std::string_view bytes, size_t piece_size) {
  ChunkDecoder decoder;
  Decoded decoded;
  std::string rest;
  for (size_t at = 0; at < bytes.size() && decoded.result == ChunkDecoder::Result::kMore; at += piece_size) {
    rest += bytes.substr(at, piece_size);
    std::string_view view = rest;
    decoded.result = decoder.Take(&view, kLimit, &decoded.body);
    decoded.taken += rest.size() - view.size();
    rest.erase(0, rest.size() - view.size());
  }
  return decoded;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (data == nullptr) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const Decoded whole = DecodeInPieces(bytes, std::max<size_t>(1, size));
  FUZZ_CHECK(whole.body.size() <= kLimit);
  if (whole.result == ChunkDecoder::Result::kWhole) {
    // The last thing read is the empty line.
    FUZZ_CHECK(whole.taken >= 5);
    FUZZ_CHECK(bytes.substr(whole.taken - 4, 4) == "\r\n\r\n");
  }
  const Decoded pieces = DecodeInPieces(bytes, 1);
  FUZZ_CHECK(pieces.result == whole.result);
  if (whole.result == ChunkDecoder::Result::kWhole) {
    FUZZ_CHECK(pieces.body == whole.body && pieces.taken == whole.taken);
  }
  return 0;
}
