#include "app/logo_files.h"

#include <algorithm>

#include "base/limits.h"

namespace invoice::app {

LogoFiles::File LogoFiles::Find(const std::string& sha256) {
  const absl::MutexLock lock(&mutex_);
  const auto found =
      std::find_if(files_.begin(), files_.end(), [&](const auto& entry) { return entry.first == sha256; });
  if (found == files_.end()) return nullptr;
  files_.splice(files_.begin(), files_, found);
  return found->second;
}

void LogoFiles::Keep(const std::string& sha256, File file) {
  const absl::MutexLock lock(&mutex_);
  std::erase_if(files_, [&](const auto& entry) { return entry.first == sha256; });
  files_.emplace_front(sha256, std::move(file));
  if (files_.size() > base::kLogoFilesKept) files_.pop_back();
}

}  // namespace invoice::app
