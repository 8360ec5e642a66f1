#include "gateway/routes/raw_body.h"

#include <algorithm>

#include "base/status.h"
#include "base/text.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {
namespace {

// type/subtype, with parameters.
bool IsMediaType(std::string_view text) {
  return text.find('/') != std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool Parse(const RawBody& raw, std::string_view wire, RawFileView* file) {
  WireCursor cursor(wire);
  while (!cursor.done()) {
    uint32_t tag = 0;
    std::string_view content;
    if (!cursor.Tag(&tag)) return false;
    const bool sized = WireTypeOf(tag) == WireType::kLength;
    if (!(sized ? cursor.Length(&content) : cursor.Skip(tag))) return false;
    if (tag == raw.content_type->tag) file->content_type = content;
    if (tag == raw.file_name->tag) file->name = content;
    if (tag == raw.data->tag) file->data = content;
  }
  return base::IsValidUtf8(file->content_type) && base::IsValidUtf8(file->name);
}

}  // namespace

absl::StatusOr<RawFileView> ReadRawBody(const RawBody& raw, std::string_view wire) {
  RawFileView file;
  if (!Parse(raw, wire, &file)) {
    return base::Failure(absl::StatusCode::kInternal, base::Reason::kInternal, "the service's answer cannot be shown");
  }
  if (!IsMediaType(file.content_type)) file.content_type = "application/octet-stream";
  return file;
}

}  // namespace invoice::gateway
