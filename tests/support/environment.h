// Where the tests find the source tree, the binaries and the tools; `./dev test` and ctest set the variables.
#pragma once

#include <cstdlib>
#include <string>

namespace invoice::test {

inline std::string Env(const char* name, const std::string& fallback) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

inline std::string SourceDir() { return Env("INVOICE_SOURCE_DIR", "."); }
inline std::string BinDir() { return Env("INVOICE_BIN_DIR", "build/dev/bin"); }

}  // namespace invoice::test
