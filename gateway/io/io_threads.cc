#include "gateway/io/io_threads.h"

#include <algorithm>
#include <exception>

#include "base/log.h"
#include "gateway/limits.h"

namespace invoice::gateway {
namespace {

struct Place {
  const IoThreads* owner = nullptr;
  int index = -1;
};
thread_local Place place;

constexpr int kLastRounds = 3;  // one loop may give work to another

// The barrier of the library and of callbacks: what they throw ends no thread. False where they threw.
template <typename Run>
bool Guarded(Run run) {
  try {
    run();
    return true;
  } catch (const std::exception& fault) {
    base::Log(base::Level::kError, "connection failed", {{"detail", fault.what()}});
    return false;
  }
}

}  // namespace

int IoThreads::UsualCount() {
  return std::clamp(static_cast<int>(std::thread::hardware_concurrency()), kMinIoThreads, kMaxIoThreads);
}

IoThreads::IoThreads(int count) {
  for (int i = 0; i < count; ++i) loops_.push_back(std::make_unique<Loop>());
  for (int i = 0; i < count; ++i) loops_[static_cast<size_t>(i)]->thread = std::thread([this, i] { Work(i); });
}

IoThreads::~IoThreads() { Stop(); }

int IoThreads::Current() const { return place.owner == this ? place.index : -1; }

void IoThreads::Stop() {
  for (auto& loop : loops_) loop->context.stop();
  for (auto& loop : loops_) {
    if (loop->thread.joinable()) loop->thread.join();
  }
  // What is still queued may hold what holds these threads.
  for (int round = 0; round < kLastRounds; ++round) {
    for (auto& loop : loops_) {
      loop->context.restart();
      Guarded([&] { loop->context.poll(); });
    }
  }
}

void IoThreads::Work(int index) {
  place = {this, index};
  while (!Guarded([&] { loop(index).run(); })) continue;
}

}  // namespace invoice::gateway
