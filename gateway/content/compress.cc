#include "gateway/content/compress.h"

#include <brotli/encode.h>
#include <zlib.h>

namespace invoice::gateway {
namespace {

constexpr int kGzipWindowBits = 15 + 16;  // with gzip's own header
constexpr int kGzipMemory = 8;
constexpr int kFastWindowBits = 18;  // of brotli
constexpr int kFastBrotli = 1;
constexpr int kSmallBrotli = 9;

// What does not fit into less than the body's own size is in vain.
bool Gzip(Effort effort, std::string_view body, std::string* out) {
  z_stream stream{};
  const int level = effort == Effort::kFast ? Z_BEST_SPEED : Z_BEST_COMPRESSION;
  if (deflateInit2(&stream, level, Z_DEFLATED, kGzipWindowBits, kGzipMemory, Z_DEFAULT_STRATEGY) != Z_OK) return false;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(body.data()));
  stream.avail_in = static_cast<uInt>(body.size());
  stream.next_out = reinterpret_cast<Bytef*>(out->data());
  stream.avail_out = static_cast<uInt>(out->size());
  const bool whole = deflate(&stream, Z_FINISH) == Z_STREAM_END;
  out->resize(stream.total_out);
  deflateEnd(&stream);
  return whole;
}

bool Brotli(Effort effort, std::string_view body, std::string* out) {
  size_t size = out->size();
  const bool fast = effort == Effort::kFast;
  const bool whole =
      BrotliEncoderCompress(fast ? kFastBrotli : kSmallBrotli, fast ? kFastWindowBits : BROTLI_DEFAULT_WINDOW,
                            BROTLI_MODE_TEXT, body.size(), reinterpret_cast<const uint8_t*>(body.data()), &size,
                            reinterpret_cast<uint8_t*>(out->data())) == BROTLI_TRUE;
  out->resize(whole ? size : 0);
  return whole;
}

}  // namespace

std::optional<std::string> Compress(Coding coding, Effort effort, std::string_view body) {
  if (coding == Coding::kIdentity || body.size() < 2 || body.size() > UINT32_MAX) return std::nullopt;
  std::string out(body.size() - 1, '\0');
  const bool smaller = coding == Coding::kGzip ? Gzip(effort, body, &out) : Brotli(effort, body, &out);
  return smaller ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace invoice::gateway
