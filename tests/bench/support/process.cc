#include "tests/bench/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace invoice::bench {
namespace {

constexpr std::chrono::seconds kStartWait(30);
constexpr std::chrono::seconds kStopWait(10);
constexpr std::chrono::milliseconds kLook(10);

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> EnvironmentTexts(const Environment& environment) {
  std::vector<std::string> texts;
  for (const char* name : {"PATH", "HOME", "ASAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) texts.push_back(std::string(name) + "=" + value);
  }
  for (const auto& [name, value] : environment) texts.push_back(fmt::format("{}={}", name, value));
  return texts;
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const Environment& environment, std::string log_file)
    : name_(command.front()), log_file_(std::move(log_file)) {
  // All memory is taken before the fork: between it and exec other threads' locks may be held for ever.
  std::vector<std::string> arguments = command;
  std::vector<std::string> variables = EnvironmentTexts(environment);
  const std::vector<char*> argv = Pointers(arguments);
  const std::vector<char*> envp = Pointers(variables);
  const int log = ::open(log_file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (log < 0) throw std::runtime_error("cannot write " + log_file_);
  pid_ = ::fork();
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(log);
  if (pid_ < 0) throw std::runtime_error("cannot start " + name_);
}

Process::~Process() {
  if (HasEnded()) return;
  ::kill(pid_, SIGTERM);
  const auto latest = std::chrono::steady_clock::now() + kStopWait;
  while (!HasEnded() && std::chrono::steady_clock::now() < latest) std::this_thread::sleep_for(kLook);
  if (HasEnded()) return;
  ::kill(pid_, SIGKILL);
  Wait();
}

bool Process::HasEnded() {
  if (pid_ > 0 && ::waitpid(pid_, &status_, WNOHANG) == pid_) pid_ = -1;
  return pid_ < 0;
}

int Process::Wait() {
  if (pid_ > 0) ::waitpid(pid_, &status_, 0);
  pid_ = -1;
  return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
}

std::string Process::Log() const {
  std::ifstream file(log_file_);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string Process::WaitForLine(const std::string& text) {
  const auto latest = std::chrono::steady_clock::now() + kStartWait;
  while (true) {
    const bool ended = HasEnded();
    std::istringstream log(Log());
    for (std::string line; std::getline(log, line);) {
      // A line without its end is still being written.
      if (!log.eof() && line.find(text) != std::string::npos) return line;
    }
    if (ended || std::chrono::steady_clock::now() > latest) {
      throw std::runtime_error(name_ + (ended ? " ended" : " is not ready") + ":\n" + Log());
    }
    std::this_thread::sleep_for(kLook);
  }
}

double Process::ResidentMib() const { return StatusMib("VmRSS:"); }

double Process::PeakMib() const { return StatusMib("VmHWM:"); }

double Process::StatusMib(const std::string& field) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stod(line.substr(field.size())) / 1024;
  }
  return 0;
}

}  // namespace invoice::bench
