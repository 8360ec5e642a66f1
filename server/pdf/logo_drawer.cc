#include "pdf/logo_drawer.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "absl/time/clock.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/status.h"
#include "pdf/logo.h"
#include "pdf/logo_process.h"

namespace invoice::pdf {
namespace {

absl::Status Busy() {
  return base::Unavailable(base::Reason::kOverloaded, "the logo cannot be drawn now", base::kRetryAfterOverload);
}

absl::Status TooCostly() {
  return base::InvalidField(
      "content", fmt::format("an image that is drawn within {} s of processor time and {} MiB of memory",
                             absl::ToInt64Seconds(base::kLogoCpu), base::kMaxLogoMemoryBytes / (1024 * 1024)));
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() { Close(); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int get() const { return descriptor_; }
  void Close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
  }

 private:
  int descriptor_;
};

// A file in memory with the bytes, to be read from its beginning; -1 where there is none.
int FileWith(std::string_view bytes) {
  const int descriptor = ::memfd_create("logo", MFD_CLOEXEC);
  while (descriptor >= 0 && !bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      ::close(descriptor);
      return -1;
    }
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  if (descriptor >= 0) ::lseek(descriptor, 0, SEEK_SET);
  return descriptor;
}

// The process, or the negative error. It has its three streams, default signals and an empty environment: no secret of
// this process.
pid_t Spawn(const std::vector<std::string>& command, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::array<char*, 1> environment{};
  pid_t process = -1;
  const int failure =
      ::posix_spawn(&process, arguments[0], &actions, &attributes, arguments.data(), environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failure == 0) return process;
  base::Log(base::Level::kError, "logo_process_not_started", {{"errno", failure}});
  return -failure;
}

// How a process ended: by itself, for too much output, or at the end of its time.
struct Ending {
  std::string answer;
  bool late = false;
  bool full = false;  // it wrote more than the bound
  int status = 0;     // of wait4
  absl::Duration cpu;
};

// Takes all that comes until the other end is closed, a bound is passed or the time is over.
void ReadUntil(int input, absl::Time latest, Ending& ending) {
  constexpr size_t kHeadBytes = 1024;
  std::array<char, 64 * 1024> part;
  while (ending.answer.size() < base::kMaxLogoFormBytes + kHeadBytes) {
    const int64_t wait_ms = absl::ToInt64Milliseconds(latest - absl::Now());
    ending.late = wait_ms <= 0;
    if (ending.late) return;
    pollfd ready{.fd = input, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, static_cast<int>(wait_ms)) <= 0) continue;
    const ssize_t size = ::read(input, part.data(), part.size());
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return;
    ending.answer.append(part.data(), static_cast<size_t>(size));
  }
  ending.full = true;
}

// Ends the process, whatever it does. One that has ended already keeps its own way of ending.
void End(pid_t process, Ending& ending) {
  ::kill(process, SIGKILL);
  rusage used{};
  while (::wait4(process, &ending.status, 0, &used) < 0 && errno == EINTR) {
  }
  ending.cpu = absl::DurationFromTimeval(used.ru_utime) + absl::DurationFromTimeval(used.ru_stime);
}

absl::StatusOr<LogoForm> FormOf(const Ending& ending) {
  absl::StatusOr<LogoForm> form = ReadLogoAnswer(ending.answer);
  if (!absl::IsDataLoss(form.status())) return form;
  if (ending.full || ending.cpu >= base::kLogoCpu) return TooCostly();
  // The process was slow for the machine's sake, or others ended it: that tells nothing of the image.
  if (ending.late || (WIFSIGNALED(ending.status) && WTERMSIG(ending.status) == SIGKILL)) return Busy();
  if (WIFEXITED(ending.status)) return absl::InternalError("a process cannot draw logos here");
  return TooCostly();  // SIGXCPU, or a fault of a library
}

}  // namespace

// One of the few processes that may run at a time.
class LogoDrawer::Seat {
 public:
  Seat(LogoDrawer& drawer, absl::Time latest) : drawer_(drawer) {
    const absl::MutexLock lock(&drawer_.mutex_);
    const auto free = [this] {
      drawer_.mutex_.AssertHeld();
      return drawer_.running_ < base::kMaxLogoProcesses;
    };
    taken_ = drawer_.mutex_.AwaitWithDeadline(absl::Condition(&free), latest);
    if (taken_) ++drawer_.running_;
  }
  ~Seat() {
    if (!taken_) return;
    const absl::MutexLock lock(&drawer_.mutex_);
    --drawer_.running_;
  }
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;

  bool taken() const { return taken_; }

 private:
  LogoDrawer& drawer_;
  bool taken_ = false;
};

absl::StatusOr<LogoForm> LogoDrawer::Draw(std::string_view upload, absl::Time latest) {
  // What is plainly none needs no process.
  if (upload.size() > base::kMaxLogoBytes || LogoTypeOf(upload).empty()) return FormOfLogo(upload);
  const Seat seat(*this, std::min(latest, absl::Now() + base::kLogoSeatWait));
  if (!seat.taken()) return Busy();
  std::array<int, 2> pipe{-1, -1};
  const File input(FileWith(upload));
  if (input.get() < 0 || ::pipe2(pipe.data(), O_CLOEXEC) != 0) return Busy();
  const File answers(pipe[0]);
  File output(pipe[1]);
  const pid_t process = Spawn(command_, input.get(), output.get());
  if (process == -EAGAIN || process == -ENOMEM) return Busy();
  if (process < 0) return absl::InternalError("the process that draws logos cannot be started");
  output.Close();
  Ending ending;
  ReadUntil(answers.get(), std::min(latest, absl::Now() + base::kLogoWall), ending);
  End(process, ending);
  return FormOf(ending);
}

}  // namespace invoice::pdf
