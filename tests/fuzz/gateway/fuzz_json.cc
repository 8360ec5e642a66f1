// The strict JSON pass: what it accepts, another reader of the same standard accepts too.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "check.h"
#include "gateway/transcode/json_value.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (invoice::gateway::ParseJson(text).ok()) FUZZ_CHECK(nlohmann::json::accept(text));
  return 0;
}
