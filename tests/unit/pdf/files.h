// Files beside the tests of documents.
#pragma once

#include <filesystem>
#include <string>

namespace invoice::pdf::testing {

std::string ReadFile(const std::filesystem::path& path);
// "golden/one_page.txt" in the source tree.
std::filesystem::path SourceFile(const std::string& name);
// The logo of the samples as "png", "jpg" or "svg".
std::string LogoFile(const std::string& type);

}  // namespace invoice::pdf::testing
