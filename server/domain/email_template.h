// One version of a vendor's email template. Plain data.
#pragma once

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace invoice::domain {

// An empty text stands for the built-in one; the HTML also for none, where the vendor has a text of its own.
struct EmailTemplate {
  std::string vendor_id;
  int64_t version = 0;  // 0: the built-in template, which is not stored
  std::string subject;
  std::string text_body;
  std::string html_body;
  absl::Time created_at;

  bool customized() const { return !subject.empty() || !text_body.empty() || !html_body.empty(); }
};

}  // namespace invoice::domain
