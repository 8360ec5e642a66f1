#include "gateway/http/chunked_body.h"

#include <algorithm>
#include <charconv>
#include <string_view>

namespace invoice::gateway {
namespace {

constexpr size_t kMaxLineBytes = 1024;  // of a chunk's size with its extensions, and of a trailer field
constexpr int kMaxTrailerFields = 32;
constexpr size_t kPiece = 64 * 1024;

// A line without its CRLF, which must be one.
ChunkedResult ReadLine(ByteSource& source, std::string* line) {
  line->clear();
  for (;;) {
    const int byte = source.Get();
    if (byte < 0) return ChunkedResult::kBrokenOff;
    if (byte == '\n') {
      if (!line->ends_with('\r')) return ChunkedResult::kMalformed;
      line->pop_back();
      return line->find('\r') == std::string::npos ? ChunkedResult::kWhole : ChunkedResult::kMalformed;
    }
    if (line->size() >= kMaxLineBytes) return ChunkedResult::kMalformed;
    *line += static_cast<char>(byte);
  }
}

// "1f;name=value" -> 31.
bool ParseSize(std::string_view line, size_t* size) {
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), *size, 16);
  if (fault != std::errc()) return false;
  const std::string_view rest = line.substr(static_cast<size_t>(end - line.data()));
  return rest.empty() || rest.front() == ';' || rest.front() == ' ' || rest.front() == '\t';
}

ChunkedResult ReadData(ByteSource& source, size_t size, std::string* body) {
  while (size > 0) {
    const size_t before = body->size();
    const size_t wanted = std::min(size, kPiece);
    body->resize(before + wanted);
    const int count = source.Read(body->data() + before, static_cast<int>(wanted));
    body->resize(before + static_cast<size_t>(std::max(count, 0)));
    if (count <= 0) return ChunkedResult::kBrokenOff;
    size -= static_cast<size_t>(count);
  }
  std::string line;
  const ChunkedResult result = ReadLine(source, &line);
  return result == ChunkedResult::kWhole && !line.empty() ? ChunkedResult::kMalformed : result;
}

ChunkedResult SkipTrailer(ByteSource& source) {
  std::string line;
  for (int fields = 0; fields <= kMaxTrailerFields; ++fields) {
    const ChunkedResult result = ReadLine(source, &line);
    if (result != ChunkedResult::kWhole || line.empty()) return result;
  }
  return ChunkedResult::kMalformed;
}

}  // namespace

ChunkedResult ReadChunkedBody(ByteSource& source, size_t limit, std::string* body) {
  std::string line;
  for (;;) {
    ChunkedResult result = ReadLine(source, &line);
    if (result != ChunkedResult::kWhole) return result;
    size_t size = 0;
    if (!ParseSize(line, &size)) return ChunkedResult::kMalformed;
    if (size == 0) return SkipTrailer(source);
    if (size > limit - body->size()) return ChunkedResult::kTooLarge;
    result = ReadData(source, size, body);
    if (result != ChunkedResult::kWhole) return result;
  }
}

}  // namespace invoice::gateway
