// The strict JSON pass: what it accepts, another reader of the same standard accepts too.
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>

#include "check.h"
#include "gateway/transcode/json_input.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using invoice::gateway::JsonKind;
  if (data == nullptr) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  invoice::gateway::JsonInput input(text);
  JsonKind kind = JsonKind::kNull;
  const bool good = input.Begin(&kind) && input.Skip(kind) && input.End();
  FUZZ_CHECK(good == input.status().ok());
  if (good) FUZZ_CHECK(nlohmann::json::accept(text));
  return 0;
}
