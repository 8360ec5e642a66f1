#include "base/deadline.h"

#include <algorithm>
#include <utility>

namespace invoice::base {
namespace {

thread_local absl::Time deadline_of_thread = absl::InfiniteFuture();

}  // namespace

ScopedDeadline::ScopedDeadline(absl::Time deadline)
    : previous_(std::exchange(deadline_of_thread, std::min(deadline, deadline_of_thread))) {}

ScopedDeadline::~ScopedDeadline() { deadline_of_thread = previous_; }

absl::Time CurrentDeadline() { return deadline_of_thread; }

}  // namespace invoice::base
