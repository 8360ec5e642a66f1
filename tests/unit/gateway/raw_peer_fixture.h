// Calls of one raw peer, for its tests.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "gateway/io/io_threads.h"
#include "raw_peer.h"
#include "upstream_ending.h"

namespace invoice::gateway {

inline constexpr uint16_t kMaxStreamsSetting = 3;
inline constexpr uint16_t kWindowSetting = 4;
inline constexpr uint32_t kRefusedStream = 7;
inline constexpr uint32_t kCancelCode = 8;

class RawPeerTest : public ::testing::Test {
 protected:
  static CallOptions Options(absl::Duration deadline = absl::Seconds(10)) {
    return {"/shelf.Shelf/GetBook", {{"x-request-id", "r-1"}}, deadline};
  }
  // One call of a peer that greets and then does what the script says.
  void Call(const RawPeer::Script& script, Ending* ending, absl::Duration deadline = absl::Seconds(10),
            const std::string& request = "request") {
    RawPeer peer([&](RawConnection& connection) {
      connection.Greet();
      script(connection);
    });
    Backend backend(peer.address(), io_);
    backend.Unary(Options(deadline), request, ending->Done());
    EXPECT_TRUE(ending->Wait());
  }
  // Its code.
  int CodeOf(const RawPeer::Script& script) {
    Ending ending;
    Call(script, &ending);
    return ending.code();
  }

  // One thread, and so all four connections are open at once.
  IoThreads io_{1};
};

}  // namespace invoice::gateway
