#include "tests/unit/pdf/files.h"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace invoice::pdf::testing {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

std::filesystem::path SourceFile(const std::string& name) {
  const char* source = std::getenv("INVOICE_SOURCE_DIR");
  const std::filesystem::path root = source == nullptr ? std::filesystem::current_path() : source;
  return root / "tests/unit/pdf" / name;
}

std::string LogoFile(const std::string& type) { return ReadFile(SourceFile("images/logo." + type)); }

}  // namespace invoice::pdf::testing
