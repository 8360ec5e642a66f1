#include "gateway/routes/answer_writer.h"

#include <algorithm>

#include "gateway/limits.h"
#include "gateway/transcode/json_writer.h"
#include "gateway/transcode/wire.h"

namespace invoice::gateway {
namespace {

bool IsEventId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxEventIdBytes &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

}  // namespace

absl::Status WriteAnswer(const Route& route, std::string_view wire, std::string* out) {
  return route.response_body == nullptr ? WriteJson(*route.response, wire, out)
                                        : WriteJsonOf(*route.response_body, *route.response, wire, out);
}

void WriteEventId(const Route& route, std::string_view wire, std::string* out) {
  if (route.event_id == nullptr) return;
  std::string number;
  std::string_view id;
  if (route.event_id->kind == WireKind::kString) {
    id = FindLast(wire, route.event_id->tag).content;
  } else if (WriteJsonOf(*route.event_id, *route.response, wire, &number).ok()) {
    // Integers of 64 bits are texts in JSON.
    id = number;
    if (id.starts_with('"')) id = id.substr(1, id.size() - 2);
  }
  if (IsEventId(id)) out->append("id: ").append(id).append("\n");
}

std::string_view EtagOf(const Route& route, std::string_view wire) {
  return route.response_etag == nullptr ? std::string_view() : FindLast(wire, route.response_etag->tag).content;
}

}  // namespace invoice::gateway
