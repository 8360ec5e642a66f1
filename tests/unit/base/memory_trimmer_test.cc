#include "base/memory_trimmer.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <vector>

#include "absl/time/clock.h"

namespace invoice::base {
namespace {

constexpr size_t kMiB = 1024 * 1024;

size_t Resident() {
  std::ifstream statm("/proc/self/statm");
  size_t size = 0;
  size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<size_t>(sysconf(_SC_PAGESIZE));
}

using Blocks = std::vector<std::unique_ptr<char[]>>;

Blocks FillMemory() {
  Blocks blocks(64 * 1024);
  for (auto& block : blocks) block = std::make_unique<char[]>(1024);
  return blocks;
}

// The blocks that stay lie above what is freed, so that the heap cannot shrink.
void FreeMost(Blocks& blocks) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (i % 64 != 63) blocks[i].reset();
  }
}

TEST(MemoryTrimmer, ReturnsWhatIsFreedBelowABlockInUse) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers have an allocator of their own";
#endif
  const size_t before = Resident();
  Blocks blocks = FillMemory();
  FreeMost(blocks);
  ASSERT_GT(Resident(), before + 48 * kMiB) << "the C library returns it by itself";
  const MemoryTrimmer trimmer(absl::Milliseconds(10));
  const absl::Time deadline = absl::Now() + absl::Seconds(10);
  while (Resident() > before + 16 * kMiB && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
  EXPECT_LT(Resident(), before + 16 * kMiB);
}

}  // namespace
}  // namespace invoice::base
