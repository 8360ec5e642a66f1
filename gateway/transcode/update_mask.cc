#include "gateway/transcode/update_mask.h"

#include <algorithm>

#include "gateway/transcode/wire.h"

namespace invoice::gateway {
namespace {

void AppendPath(const MaskPath& path, std::string* text) {
  if (path.parent->field != nullptr) {
    AppendPath(*path.parent, text);
    text->push_back('.');
  }
  text->append(path.field->name);
}

}  // namespace

void MaskCollector::Add(const MaskPath& path) {
  const bool outermost = path.parent->field == nullptr;
  if (outermost && std::find(skipped_.begin(), skipped_.end(), path.field) != skipped_.end()) return;
  WireAppender out(&wire_);
  out.Varint(MakeTag(1, WireType::kLength));
  const size_t opened = out.Open();
  AppendPath(path, &wire_);
  out.Close(opened);
}

}  // namespace invoice::gateway
