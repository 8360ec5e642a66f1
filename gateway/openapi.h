// docs/openapi.json as it was when this program was built. Constant.
#pragma once

#include <string_view>

namespace invoice::gateway {

// Empty where the project had none yet.
std::string_view OpenApiDocument();

}  // namespace invoice::gateway
