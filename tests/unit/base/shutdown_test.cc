#include "base/shutdown.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "base/log.h"

namespace invoice::base {
namespace {

TEST(ShutdownSignal, WaitsUntilTheSignalComes) {
  const ScopedLogSink silent([](std::string_view) {});
  ShutdownSignal shutdown;
  EXPECT_FALSE(shutdown.Wait(absl::ZeroDuration()));
  EXPECT_FALSE(shutdown.stop_token().stop_requested());
  kill(getpid(), SIGTERM);
  EXPECT_TRUE(shutdown.Wait(absl::Seconds(10)));
  EXPECT_TRUE(shutdown.Requested());
  EXPECT_TRUE(shutdown.stop_token().stop_requested());
}

TEST(ShutdownSignal, CanBeRequestedFromWithin) {
  ShutdownSignal shutdown;
  shutdown.Request();
  shutdown.Request();
  EXPECT_TRUE(shutdown.Wait(absl::Seconds(10)));
}

TEST(ShutdownSignal, GoesWithoutEverHavingBeenRequested) { const ShutdownSignal shutdown; }

}  // namespace
}  // namespace invoice::base
