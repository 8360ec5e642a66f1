// A TCP connection, with TLS where asked for, that sends bytes and receives lines within given times. Knows nothing of
// SMTP. The socket never blocks: every wait is a poll in slices, so that the caller's hook is called meanwhile. Nothing
// throws; the failures are UNAVAILABLE (lost or refused), DEADLINE_EXCEEDED, CANCELLED (the hook said so),
// INVALID_ARGUMENT (a line longer than allowed) and PERMISSION_DENIED (certificate). Not thread safe.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace invoice::mail {

class SmtpConnection {
 public:
  struct TlsOptions {
    std::string host;  // for the certificate
    bool verify = true;
    std::string ca_file;
  };

  // No wait lasts beyond `total` from now.
  SmtpConnection(absl::Duration hook_interval, absl::Duration total);
  ~SmtpConnection();
  SmtpConnection(const SmtpConnection&) = delete;
  SmtpConnection& operator=(const SmtpConnection&) = delete;

  // Called about every `hook_interval` while waiting, counted from now; false ends the wait. May be empty.
  void SetKeepGoing(std::function<bool()> keep_going);

  // The addresses of a host, as texts; without those that no mail server has (docs/decisions/0027).
  absl::StatusOr<std::vector<std::string>> Resolve(const std::string& host, absl::Duration timeout);
  // Connects to the first of the resolved addresses that answers, and names it.
  absl::StatusOr<std::string> Connect(int port, absl::Duration timeout_each);
  // Begins TLS; describes version, cipher and certificate.
  absl::StatusOr<std::string> StartTls(const TlsOptions& options, absl::Duration timeout);

  // Sends all of `bytes`; each block within the time-out.
  absl::Status Write(std::string_view bytes, absl::Duration timeout_each);
  // The next line without its line end, CRLF or LF.
  absl::StatusOr<std::string> ReadLine(size_t max_bytes, absl::Duration timeout);
  // Whether something was received that nobody has read.
  bool HasUnread() const { return !received_.empty(); }

  bool connected() const { return connected_; }
  void Close();

 private:
  struct Net;  // Poco's part
  using SteadyTime = std::chrono::steady_clock::time_point;

  SteadyTime DeadlineAfter(absl::Duration timeout) const;
  // The next slice of a wait that ends at `deadline`, or why it ends now.
  absl::StatusOr<absl::Duration> NextSlice(SteadyTime deadline);
  absl::Status WaitFor(int mode, SteadyTime deadline);
  absl::Status ConnectTo(size_t index, int port, absl::Duration timeout);
  absl::Status Handshake(SteadyTime deadline);
  absl::Status SendBlock(std::string_view block, SteadyTime deadline);
  absl::Status Receive(SteadyTime deadline);

  absl::Duration hook_interval_;
  SteadyTime end_;
  SteadyTime next_hook_;
  std::function<bool()> keep_going_;
  std::unique_ptr<Net> net_;
  bool connected_ = false;
  std::string received_;
};

}  // namespace invoice::mail
