#include "tests/bench/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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

// The digits after the last ':' that follows `key` in a line of the log: "grpc_port":4711 or "http":"127.0.0.1:4711".
int PortIn(const std::string& line, const std::string& key) {
  const size_t at = line.find("\"" + key + "\":");
  const size_t end = at == std::string::npos ? at : line.find_first_of(",}", at);
  if (end == std::string::npos) throw std::runtime_error("no " + key + " in " + line);
  const int port = std::atoi(line.c_str() + line.rfind(':', end) + 1);
  if (port == 0) throw std::runtime_error("no port in " + line);
  return port;
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

int Process::WaitForPort(const std::string& key) { return PortIn(WaitForLine("\"listening\""), key); }

double Process::ResidentMib() const { return StatusMib("VmRSS:"); }

double Process::PeakMib() const { return StatusMib("VmHWM:"); }

double Process::CpuSeconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string text;
  std::getline(file, text);
  // Behind the name, which may have blanks: the state is the third value, the times are the 14th and the 15th.
  std::istringstream values(text.substr(std::min(text.size(), text.rfind(')') + 1)));
  std::string skipped;
  for (int i = 3; i < 14; ++i) values >> skipped;
  double user = 0;
  double kernel = 0;
  if (!(values >> user >> kernel)) throw std::runtime_error("no times of " + name_);
  return (user + kernel) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Process::StatusMib(const std::string& field) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stod(line.substr(field.size())) / 1024;
  }
  return 0;
}

}  // namespace invoice::bench
