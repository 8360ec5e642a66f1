// One of our real binaries as a child process, with a log file of its own. The child ends with this object, and with
// the thread that started it, so start it from the main thread.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace invoice::bench {

using Environment = std::map<std::string, std::string>;

class Process {
 public:
  // Only `environment`, PATH and HOME reach the child. Its standard output and error go to `log_file`.
  Process(const std::vector<std::string>& command, const Environment& environment, std::string log_file);
  // SIGTERM, and SIGKILL for one that does not end within ten seconds.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // The first line of the log with `text` in it. Throws with the log where the child ends without one, or takes too
  // long.
  std::string WaitForLine(const std::string& text);
  // The port that the child says it listens on: the digits at the end of the value of `key` in its line "listening".
  int WaitForPort(const std::string& key);
  // Waits for the child's own end and returns its exit code.
  int Wait();

  std::string Log() const;
  // Memory that the process has in RAM now, in MiB.
  double ResidentMib() const;
  // The most it ever had.
  double PeakMib() const;
  // Processor time of all its threads so far, as the user and for it in the kernel, in steps of 10 ms.
  double CpuSeconds() const;

 private:
  bool HasEnded();
  double StatusMib(const std::string& field) const;

  std::string name_;
  std::string log_file_;
  pid_t pid_ = -1;
  int status_ = 0;
};

}  // namespace invoice::bench
