// What a backend sends, byte by byte: each call ends at most once, what waits to go out is bounded, and the pieces in
// which the bytes come make no difference to a good answer.
#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "check.h"
#include "gateway/limits.h"
#include "gateway/upstream/peer_session.h"

namespace {

using namespace invoice::gateway;  // a test of one header

constexpr std::string_view kGreeting("\0\0\0\4\0\0\0\0\0", 9);

// Three calls of one session: two with one answer, one with a stream of which two messages are asked for.
class Run : public PeerSession::Events {
 public:
  Run() {
    for (size_t i = 0; i < 2; ++i) {
      rpcs_[i] = std::make_shared<UnaryRpc>(Options(), std::string(100, 'x'), Keep(&answers_[i]), nullptr);
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

  const std::array<std::optional<std::string>, 2>& answers() const { return answers_; }

 private:
  static CallOptions Options() { return {"/fuzz", {{"x-request-id", "r"}}, absl::Seconds(10)}; }

  static UnaryDone Keep(std::optional<std::string>* answer) {
    return [answer](const CallEnd& end, const MessagePtr& message) {
      FUZZ_CHECK((end.status.code() == 0) == (message != nullptr));
      if (message != nullptr) *answer = std::string(message->view());
    };
  }

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
    FUZZ_CHECK(!std::exchange(ended_[IndexOf(rpc)], true));
    rpc.Close(std::move(status));
    rpc.Abandon();
    FUZZ_CHECK(rpc.Deliver());
  }
  void OnRefused(Rpc& rpc) override { FUZZ_CHECK(!std::exchange(ended_[IndexOf(rpc)], true)); }
  void OnMessage(Rpc& rpc) override { FUZZ_CHECK(rpc.reader().state() == MessageReader::State::kWhole); }

  std::array<std::shared_ptr<Rpc>, 3> rpcs_;
  std::array<bool, 3> ended_ = {};
  std::array<std::optional<std::string>, 2> answers_;
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
  // Faults of the session may come earlier in pieces: the library counts each piece of a CONTINUATION's head.
  for (size_t i = 0; i < whole.answers().size(); ++i) {
    const auto& answer = whole.answers()[i];
    const auto& same = pieces.answers()[i];
    FUZZ_CHECK(!answer || !same || *answer == *same);
  }
  return 0;
}
