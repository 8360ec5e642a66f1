#include "scripted_server.h"

#include <poll.h>

#include <utility>

#include "Poco/Exception.h"
#include "Poco/Net/SecureStreamSocket.h"
#include "Poco/Net/SocketAddress.h"

namespace invoice::mail {
namespace {

// Ends a test that hangs; no test waits for it.
const Poco::Timespan kGuard(20, 0);

}  // namespace

// One connection.
class ScriptedServer::Dialogue {
 public:
  Dialogue(ScriptedServer& server, Poco::Net::StreamSocket socket) : server_(server), socket_(std::move(socket)) {
    socket_.setReceiveTimeout(kGuard);
    socket_.setNoDelay(true);
  }

  void Run() {
    if (server_.tls_from_the_start_) StartTls();
    if (!Act("GREETING", "220 scripted.example ESMTP\r\n")) return;
    std::string line;
    while (ReadLine(&line)) {
      {
        const std::lock_guard lock(server_.mutex_);
        server_.lines_.push_back(line);
      }
      if (!Answer(line.substr(0, line.find(' ')))) return;
    }
  }

 private:
  void StartTls() {
    socket_ = Poco::Net::SecureStreamSocket::attach(socket_, server_.context_);
    socket_.setReceiveTimeout(kGuard);
  }

  bool Answer(const std::string& word) {
    if (word == "EHLO") return Act(word, EhloReply());
    if (word == "STARTTLS") {
      if (!Act(word, "220 go ahead\r\n")) return false;
      if (last_.rfind("220", 0) == 0) StartTls();
      return true;
    }
    if (word == "AUTH") return Act(word, "235 2.7.0 welcome\r\n");
    if (word == "DATA") return Data();
    if (word == "QUIT") {
      Act(word, "221 bye\r\n");
      return false;
    }
    return Act(word, "250 2.0.0 ok\r\n");
  }

  bool Data() {
    if (!Act("DATA", "354 go on\r\n")) return false;
    if (last_.rfind("354", 0) != 0) return true;
    if (!Act("CONTENT", "")) return false;
    const std::string end = "\r\n.\r\n";
    size_t found;
    while ((found = received_.find(end)) == std::string::npos) {
      if (!Receive()) return false;
    }
    {
      const std::lock_guard lock(server_.mutex_);
      server_.contents_.push_back(received_.substr(0, found + 2));
    }
    received_.erase(0, found + end.size());
    return Act("DOT", "250 2.0.0 queued as 4711\r\n");
  }

  std::string EhloReply() {
    const std::lock_guard lock(server_.mutex_);
    std::string reply = "250-scripted.example\r\n";
    for (const std::string& extension : server_.extensions_) reply += "250-" + extension + "\r\n";
    return reply + "250 HELP\r\n";
  }

  // False where the connection is over.
  bool Act(const std::string& moment, const std::string& normal) {
    const Action action = server_.Next(moment, normal);
    last_ = action.bytes;
    if (!action.bytes.empty()) Send(action.bytes);
    if (action.kind == Kind::kSilence) WaitForClose();
    return action.kind == Kind::kReply;
  }

  void Send(const std::string& bytes) {
    size_t sent = 0;
    while (sent < bytes.size()) {
      sent += static_cast<size_t>(socket_.sendBytes(bytes.data() + sent, static_cast<int>(bytes.size() - sent)));
    }
  }

  // Reads nothing, so that a sender of much blocks, until the client hangs up.
  void WaitForClose() {
    pollfd poll_for = {socket_.impl()->sockfd(), POLLRDHUP, 0};
    while (!server_.stop_ && ::poll(&poll_for, 1, 20) == 0) continue;
  }

  bool Receive() {
    char buffer[8192];
    const int count = socket_.receiveBytes(buffer, sizeof(buffer));
    if (count <= 0) return false;
    received_.append(buffer, static_cast<size_t>(count));
    return true;
  }

  bool ReadLine(std::string* line) {
    size_t end;
    while ((end = received_.find("\r\n")) == std::string::npos) {
      if (!Receive()) return false;
    }
    *line = received_.substr(0, end);
    received_.erase(0, end + 2);
    return true;
  }

  ScriptedServer& server_;
  Poco::Net::StreamSocket socket_;
  std::string received_;
  std::string last_;
};

ScriptedServer::ScriptedServer()
    : socket_(Poco::Net::SocketAddress("127.0.0.1", 0)), port_(socket_.address().port()), thread_([this] { Run(); }) {}

ScriptedServer::~ScriptedServer() {
  stop_ = true;
  thread_.join();
}

void ScriptedServer::Run() {
  while (!stop_) {
    if (!socket_.poll(Poco::Timespan(0, 20000), Poco::Net::Socket::SELECT_READ)) continue;
    try {
      Poco::Net::StreamSocket client = socket_.acceptConnection();
      ++connections_;
      Dialogue(*this, client).Run();
    } catch (const Poco::Exception&) {
      // The client went in the middle of something: the next one, please.
    }
  }
}

void ScriptedServer::SetExtensions(std::vector<std::string> extensions) {
  const std::lock_guard lock(mutex_);
  extensions_ = std::move(extensions);
}

void ScriptedServer::UseTls(Poco::Net::Context::Ptr context, bool from_the_start) {
  context_ = context;
  tls_from_the_start_ = from_the_start;
}

std::vector<std::string> ScriptedServer::Lines() {
  const std::lock_guard lock(mutex_);
  return lines_;
}

std::vector<std::string> ScriptedServer::Contents() {
  const std::lock_guard lock(mutex_);
  return contents_;
}

void ScriptedServer::Script(const std::string& moment, Action action) {
  const std::lock_guard lock(mutex_);
  scripts_[moment].push_back(std::move(action));
}

ScriptedServer::Action ScriptedServer::Next(const std::string& moment, const std::string& normal) {
  const std::lock_guard lock(mutex_);
  std::vector<Action>& actions = scripts_[moment];
  if (actions.empty()) return {Kind::kReply, normal};
  Action action = actions.front();
  actions.erase(actions.begin());
  return action;
}

}  // namespace invoice::mail
