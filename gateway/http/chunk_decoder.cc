#include "gateway/http/chunk_decoder.h"

#include <algorithm>
#include <charconv>

#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

bool IsToken(char c) {
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || (c != '\0' && std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos);
}

bool IsField(std::string_view line) {
  const size_t colon = line.find(':');
  return colon != std::string_view::npos && colon > 0 && std::all_of(line.begin(), line.begin() + colon, IsToken);
}

}  // namespace

ChunkDecoder::Result ChunkDecoder::Take(std::string_view* bytes, size_t limit, std::string* body) {
  while (!bytes->empty()) {
    if (step_ == Step::kData) {
      const size_t count = std::min(left_, bytes->size());
      body->append(bytes->substr(0, count));
      bytes->remove_prefix(count);
      left_ -= count;
      if (left_ == 0) step_ = Step::kDataEnd;
      continue;
    }
    Result result = TakeLine(bytes);
    if (result == Result::kWhole) result = EndLine(limit - body->size());
    if (result != Result::kMore) return result;
  }
  return Result::kMore;
}

// kWhole where `line_` is a whole line, then without its CRLF.
ChunkDecoder::Result ChunkDecoder::TakeLine(std::string_view* bytes) {
  while (!bytes->empty()) {
    const char c = bytes->front();
    bytes->remove_prefix(1);
    const bool after_return = line_.ends_with('\r');
    if (after_return != (c == '\n')) return Result::kMalformed;
    if (after_return) {
      line_.pop_back();
      return Result::kWhole;
    }
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\t' && c != '\r') || byte == 0x7f) return Result::kMalformed;
    if (line_.size() >= kMaxChunkLineBytes) return Result::kMalformed;
    line_ += c;
  }
  return Result::kMore;
}

ChunkDecoder::Result ChunkDecoder::EndLine(size_t room) {
  Result result = Result::kMore;
  switch (step_) {
    case Step::kSize:
      result = ReadSize(room);
      break;
    case Step::kData:
    case Step::kDataEnd:
      if (!line_.empty()) result = Result::kMalformed;
      step_ = Step::kSize;
      break;
    case Step::kTrailer:
      trailer_bytes_ += line_.size();
      if (line_.empty()) {
        result = Result::kWhole;
      } else if (!IsField(line_) || trailer_bytes_ > kMaxChunkLineBytes) {
        result = Result::kMalformed;
      }
      break;
  }
  line_.clear();
  return result;
}

// "1f;name=value" -> 31.
ChunkDecoder::Result ChunkDecoder::ReadSize(size_t room) {
  const char* const last = line_.data() + line_.size();
  const auto [end, fault] = std::from_chars(line_.data(), last, left_, 16);
  if (fault != std::errc() || line_.front() == '-') return Result::kMalformed;
  std::string_view rest(end, static_cast<size_t>(last - end));
  const bool extended = rest.find_first_not_of(" \t") != std::string_view::npos;
  if (extended) rest.remove_prefix(rest.find_first_not_of(" \t"));
  if (!rest.empty() && !rest.starts_with(';')) return Result::kMalformed;
  if (left_ > room) return Result::kTooLarge;
  step_ = left_ == 0 ? Step::kTrailer : Step::kData;
  return Result::kMore;
}

}  // namespace invoice::gateway
