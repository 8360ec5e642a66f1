// An SMTP server that does as it is told: answers, refuses, drops the connection or falls silent at any step, and
// remembers what it was sent. Listens on a free port of 127.0.0.1; one connection at a time.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "Poco/Net/Context.h"
#include "Poco/Net/ServerSocket.h"
#include "Poco/Net/StreamSocket.h"

namespace invoice::mail {

class ScriptedServer {
 public:
  ScriptedServer();
  ~ScriptedServer();

  // The scripts are for a command's first word ("RCPT"), or for the moments GREETING (connected), CONTENT (after 354)
  // and DOT (the content is complete). Each is used up once, in order; afterwards the server behaves.
  void Reply(const std::string& moment, const std::string& bytes) { Script(moment, {Kind::kReply, bytes}); }
  void Drop(const std::string& moment) { Script(moment, {Kind::kDrop, ""}); }
  void DropAfter(const std::string& moment, const std::string& bytes) { Script(moment, {Kind::kReplyAndDrop, bytes}); }
  void Silence(const std::string& moment) { Script(moment, {Kind::kSilence, ""}); }

  // What EHLO offers; empty lines are left out.
  void SetExtensions(std::vector<std::string> extensions);
  void UseTls(Poco::Net::Context::Ptr context, bool from_the_start);

  int port() const { return port_; }
  // The command lines received so far.
  std::vector<std::string> Lines();
  // Contents as they came over the wire, between the reply to DATA and the final dot; only complete ones.
  std::vector<std::string> Contents();
  int Connections() const { return connections_; }

 private:
  enum class Kind { kReply, kReplyAndDrop, kDrop, kSilence };
  struct Action {
    Kind kind;
    std::string bytes;
  };
  class Dialogue;

  void Script(const std::string& moment, Action action);
  // The action for a moment, or `normal` as a reply.
  Action Next(const std::string& moment, const std::string& normal);
  void Run();

  Poco::Net::ServerSocket socket_;
  int port_;
  std::atomic<bool> stop_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::map<std::string, std::vector<Action>> scripts_;
  std::vector<std::string> extensions_ = {"SIZE 30000000", "AUTH PLAIN LOGIN"};
  std::vector<std::string> lines_;
  std::vector<std::string> contents_;
  Poco::Net::Context::Ptr context_;
  bool tls_from_the_start_ = false;
  std::thread thread_;
};

}  // namespace invoice::mail
