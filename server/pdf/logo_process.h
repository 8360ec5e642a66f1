// The process that draws one logo: it reads an image from its standard input, writes the answer to its standard output
// and ends. It bounds its own time, memory and files before it looks at the image, so that an image which breaks a
// library harms this process alone.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "pdf/logo_form.h"

namespace invoice::pdf {

// The whole work of the process; its exit code.
int DrawLogoOfInput();

// What it writes. ReadLogoAnswer answers DATA_LOSS where the process was ended before it had written all.
std::string LogoAnswer(const absl::StatusOr<LogoForm>& form);
absl::StatusOr<LogoForm> ReadLogoAnswer(std::string_view answer);

}  // namespace invoice::pdf
