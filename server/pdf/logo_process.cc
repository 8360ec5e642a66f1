#include "pdf/logo_process.h"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <iostream>
#include <iterator>
#include <vector>

#include "base/limits.h"
#include "base/status.h"

namespace invoice::pdf {
namespace {

constexpr char kDrawn[] = "drawn";
constexpr char kRefused[] = "refused";

bool Bound(__rlimit_resource_t resource, rlim_t soft, rlim_t hard) {
  const rlimit limit{.rlim_cur = soft, .rlim_max = hard};
  return ::setrlimit(resource, &limit) == 0;
}

// With no free descriptor the process opens no file and no socket. It writes to its output, a pipe, which is no file.
bool BoundThisProcess() {
  constexpr rlim_t kOpen = STDERR_FILENO + 1;
  const auto seconds = static_cast<rlim_t>(absl::ToInt64Seconds(base::kLogoCpu));
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 &&
         Bound(RLIMIT_CORE, 0, 0) && Bound(RLIMIT_FSIZE, 0, 0) && Bound(RLIMIT_CPU, seconds, seconds + 1) &&
         Bound(RLIMIT_AS, base::kMaxLogoMemoryBytes, base::kMaxLogoMemoryBytes) && Bound(RLIMIT_NOFILE, kOpen, kOpen);
}

// The words of the first line, and what follows it. No words where there is no whole line.
std::vector<std::string_view> TakeLine(std::string_view& text) {
  std::vector<std::string_view> words;
  const size_t end = text.find('\n');
  if (end == std::string_view::npos) return words;
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  while (!line.empty()) {
    const size_t length = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, length));
    line.remove_prefix(std::min(length + 1, line.size()));
  }
  return words;
}

bool IsSize(std::string_view word, size_t size) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number == size;
}

}  // namespace

std::string LogoAnswer(const absl::StatusOr<LogoForm>& form) {
  if (form.ok()) {
    return fmt::format("{} {} {} {}\n{}", kDrawn, form->content_type, form->form_type, form->bytes.size(), form->bytes);
  }
  const base::ErrorDetail detail = base::DetailOf(form.status());
  const std::string expected = detail.fields.empty() ? "an image that can be drawn" : detail.fields.front().expected;
  return fmt::format("{} {}\n{}", kRefused, expected.size(), expected);
}

absl::StatusOr<LogoForm> ReadLogoAnswer(std::string_view answer) {
  const std::vector<std::string_view> words = TakeLine(answer);
  const bool whole = words.size() > 1 && IsSize(words.back(), answer.size());
  if (whole && words.size() == 2 && words[0] == kRefused) return base::InvalidField("content", answer);
  if (whole && words.size() == 4 && words[0] == kDrawn) {
    return LogoForm{std::string(words[1]), std::string(words[2]), std::string(answer)};
  }
  return absl::DataLossError("a process that draws a logo was ended before its answer");
}

int DrawLogoOfInput() {
  if (!BoundThisProcess()) return 1;
  const std::string upload{std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
  std::cout << LogoAnswer(FormOfLogo(upload)) << std::flush;
  return std::cout.good() ? 0 : 1;
}

}  // namespace invoice::pdf
