// A backend that speaks HTTP/2 frame by frame, as its test tells it: also what no proper server would say.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

typedef struct nghttp2_hd_inflater nghttp2_hd_inflater;

namespace invoice::gateway {

inline constexpr uint8_t kDataFrame = 0;
inline constexpr uint8_t kHeadersFrame = 1;
inline constexpr uint8_t kResetFrame = 3;
inline constexpr uint8_t kSettingsFrame = 4;
inline constexpr uint8_t kPingFrame = 6;
inline constexpr uint8_t kGoawayFrame = 7;
inline constexpr uint8_t kWindowFrame = 8;
inline constexpr uint8_t kEndStream = 1;
inline constexpr uint8_t kEndHeaders = 4;
inline constexpr uint8_t kAck = 1;

using FieldList = std::vector<std::pair<std::string, std::string>>;

std::string FrameBytes(uint8_t type, uint8_t flags, uint32_t stream, std::string_view payload);
std::string Number32(uint32_t value);
// HPACK without its tables.
std::string HeaderBlock(const FieldList& fields);
std::string HeadersBytes(uint32_t stream, const FieldList& fields, bool end);
// A message with its prefix.
std::string Prefixed(std::string_view message, char flag = 0);

struct RawFrame {
  uint8_t type = 0;
  uint8_t flags = 0;
  uint32_t stream = 0;
  std::string payload;
};

// One connection that the client opened. Every wait ends after ten seconds.
class RawConnection {
 public:
  RawConnection(int socket, int number);
  ~RawConnection();

  int number() const { return number_; }
  void Send(std::string_view bytes);
  // Each byte by itself.
  void SendSlowly(std::string_view bytes);
  // Waits until the other side has worked on all that was sent.
  void Settle();
  // The settings of this side, as pairs of a number and a value.
  void Greet(const std::vector<std::pair<uint16_t, uint32_t>>& settings = {});
  // The next frame, but for answers to settings; settings are acknowledged. Nothing at the end of the connection.
  std::optional<RawFrame> Read();
  // Up to the first frame of the type.
  std::optional<RawFrame> ReadUntil(uint8_t type);
  // Up to the end of a request; gives its stream, or 0.
  uint32_t ReadRequest();
  const std::map<std::string, std::string>& fields() const { return fields_; }
  const std::string& body() const { return body_; }

  // A good answer with this message, or a bad one without.
  void Answer(uint32_t stream, std::string_view message);
  void Fail(uint32_t stream, int status, const FieldList& further = {});
  void Reset(uint32_t stream, uint32_t code);
  void Goaway(uint32_t last_stream);

 private:
  bool ReadBytes(size_t count, std::string* bytes);
  void ReadFields(const std::string& block);

  const int socket_;
  const int number_;
  nghttp2_hd_inflater* inflater_ = nullptr;
  bool preface_read_ = false;
  std::map<std::string, std::string> fields_;  // of the last request
  std::string body_;                           // likewise
};

class RawPeer {
 public:
  // Runs the script for each connection, in a thread of its own, and closes the connection after it.
  using Script = std::function<void(RawConnection& connection)>;
  explicit RawPeer(Script script);
  ~RawPeer();

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int connections() const { return accepted_; }

 private:
  void Accept();

  const Script script_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> accepted_ = 0;
  std::thread acceptor_;
  absl::Mutex mutex_;
  std::vector<std::thread> threads_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> sockets_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace invoice::gateway
