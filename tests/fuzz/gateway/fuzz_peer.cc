// What a backend sends, byte by byte: each call ends at most once, none holds more than its bounds, and the pieces in
// which the bytes come make no difference to how a call ends.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "check.h"
#include "gateway/limits.h"
#include "gateway/upstream/peer_session.h"

namespace {

using namespace invoice::gateway;  // a test of one header

constexpr std::string_view kGreeting("\0\0\0\4\0\0\0\0\0", 9);

constexpr char kContinuation = 9;  // the type of the frame

// Three calls of one session: two with one answer, one with a stream of which two messages are asked for.
class Run : public PeerSession::Events {
 public:
  Run() {
    for (size_t i = 0; i < 2; ++i) {
      rpcs_[i] = std::make_shared<UnaryRpc>(
          Options(), std::string(100, 'x'), [](CallEnd, MessagePtr) {}, nullptr);
    }
    rpcs_[2] = std::make_shared<StreamRpc>(Options(), "x", StreamEvents{[](MessagePtr) {}, [](CallEnd) {}});
    FUZZ_CHECK(session_.Receive(kGreeting));
    for (const auto& rpc : rpcs_) FUZZ_CHECK(session_.Start(*rpc));
    Send();
  }

  void Take(std::string_view bytes, size_t piece) {
    for (size_t at = 0; at < bytes.size(); at += piece) {
      if (!session_.Receive(bytes.substr(at, piece))) break;
      FUZZ_CHECK(session_.calls() >= 0 && session_.calls() <= 3);
    }
    Send();
  }

  const std::array<int, 3>& ends() const { return ends_; }

 private:
  static CallOptions Options() { return {"/fuzz", {{"x-request-id", "r"}}, absl::Seconds(10)}; }

  size_t IndexOf(const Rpc& rpc) const {
    const auto found = std::find_if(rpcs_.begin(), rpcs_.end(), [&](const auto& each) { return each.get() == &rpc; });
    return static_cast<size_t>(found - rpcs_.begin());
  }

  bool Send() {
    Output output;
    const bool alive = session_.Send(&output);
    FUZZ_CHECK(output.size() <= 2 * kMaxGatheredBytes);
    return alive;
  }

  void OnEnded(Rpc& rpc, GrpcStatus status) override {
    FUZZ_CHECK(ends_[IndexOf(rpc)] == -1);
    rpc.Close(std::move(status));
    rpc.Abandon();
    ends_[IndexOf(rpc)] = rpc.Deliver() ? 0 : 1;
  }
  void OnRefused(Rpc& rpc) override {
    FUZZ_CHECK(ends_[IndexOf(rpc)] == -1);
    ends_[IndexOf(rpc)] = 2;
  }
  void OnMessage(Rpc& rpc) override { FUZZ_CHECK(rpc.reader().state() == MessageReader::State::kWhole); }

  std::array<std::shared_ptr<Rpc>, 3> rpcs_;
  std::array<int, 3> ends_ = {-1, -1, -1};
  PeerSession session_{"fuzz:1", *this};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (data == nullptr || size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Run whole;
  whole.Take(bytes, size);
  Run pieces;
  pieces.Take(bytes, 1);
  // The library counts a CONTINUATION once for each piece in which its head comes, and ends a session with too many.
  if (bytes.find(kContinuation) == std::string_view::npos) FUZZ_CHECK(whole.ends() == pieces.ends());
  return 0;
}
