// Completes what cairo 1.16 leaves out at the end of its files: the language, the title in the window, the prefix of
// dates. The place where a later step turns the file into PDF/A-3 with an embedded e-invoice. Pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace invoice::pdf {

// `pdf` is a file as cairo writes it: information dictionary, catalog, cross-reference table, trailer. INTERNAL where
// it is not of that form. `language` is BCP 47.
absl::StatusOr<std::string> CompleteCatalog(std::string pdf, std::string_view language);

}  // namespace invoice::pdf
