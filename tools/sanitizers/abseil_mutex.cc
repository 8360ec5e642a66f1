// Tells the thread sanitizer about absl::Mutex and what is made of it. Debian builds Abseil without the annotations, so
// the sanitizer would take all that a Mutex guards for a race. Linked into every binary of the preset tsan: these
// functions stand before those of the shared library, also for gRPC's own calls, and call them.
#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace {

constexpr unsigned kWrite = __tsan_mutex_linker_init;
constexpr unsigned kRead = __tsan_mutex_linker_init | __tsan_mutex_read_lock;

// Functions of the library that call others of it are annotated once.
thread_local int depth = 0;

template <typename Function>
Function Next(const char* name) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "Abseil has no %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function>(found);
}

class Locking {
 public:
  Locking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    if (depth++ == 0) __tsan_mutex_pre_lock(mutex_, flags_);
  }
  void Failed() { result_ = __tsan_mutex_try_lock_failed; }
  ~Locking() {
    if (--depth == 0) __tsan_mutex_post_lock(mutex_, flags_ | result_, 0);
  }

 private:
  void* mutex_;
  unsigned flags_;
  unsigned result_ = 0;
};

class Unlocking {
 public:
  Unlocking(void* mutex, unsigned flags) : mutex_(mutex), flags_(flags) {
    if (depth++ == 0) __tsan_mutex_pre_unlock(mutex_, flags_);
  }
  ~Unlocking() {
    if (--depth == 0) __tsan_mutex_post_unlock(mutex_, flags_);
  }

 private:
  void* mutex_;
  unsigned flags_;
};

// A wait releases the mutex and takes it again. Whoever waits holds it for writing, or for reading as well: to the
// sanitizer only the order matters.
class Waiting {
 public:
  explicit Waiting(void* mutex) : mutex_(mutex) {
    if (depth++ != 0) return;
    __tsan_mutex_pre_unlock(mutex_, kWrite);
    __tsan_mutex_post_unlock(mutex_, kWrite);
    __tsan_mutex_pre_lock(mutex_, kWrite);
  }
  ~Waiting() {
    if (--depth == 0) __tsan_mutex_post_lock(mutex_, kWrite, 0);
  }

 private:
  void* mutex_;
};

}  // namespace

#define INVOICE_NEXT(name, result, ...) static const auto next = Next<result (*)(__VA_ARGS__)>(name)

namespace absl {

void Mutex::Lock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex4LockEv", void, Mutex*);
  const Locking locking(this, kWrite);
  next(this);
}

void Mutex::Unlock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex6UnlockEv", void, Mutex*);
  const Unlocking unlocking(this, kWrite);
  next(this);
}

bool Mutex::TryLock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex7TryLockEv", bool, Mutex*);
  Locking locking(this, kWrite | __tsan_mutex_try_lock);
  const bool taken = next(this);
  if (!taken) locking.Failed();
  return taken;
}

void Mutex::ReaderLock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex10ReaderLockEv", void, Mutex*);
  const Locking locking(this, kRead);
  next(this);
}

void Mutex::ReaderUnlock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex12ReaderUnlockEv", void, Mutex*);
  const Unlocking unlocking(this, kRead);
  next(this);
}

bool Mutex::ReaderTryLock() {
  INVOICE_NEXT("_ZN4absl7debian35Mutex13ReaderTryLockEv", bool, Mutex*);
  Locking locking(this, kRead | __tsan_mutex_try_lock);
  const bool taken = next(this);
  if (!taken) locking.Failed();
  return taken;
}

void Mutex::LockWhen(const Condition& condition) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE", void, Mutex*, const Condition&);
  const Locking locking(this, kWrite);
  next(this, condition);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE", bool, Mutex*,
               const Condition&, Duration);
  const Locking locking(this, kWrite);
  return next(this, condition, timeout);
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE", bool, Mutex*,
               const Condition&, Time);
  const Locking locking(this, kWrite);
  return next(this, condition, deadline);
}

void Mutex::Await(const Condition& condition) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE", void, Mutex*, const Condition&);
  const Waiting waiting(this);
  next(this, condition);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE", bool, Mutex*,
               const Condition&, Duration);
  const Waiting waiting(this);
  return next(this, condition, timeout);
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  INVOICE_NEXT("_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE", bool, Mutex*, const Condition&,
               Time);
  const Waiting waiting(this);
  return next(this, condition, deadline);
}

void CondVar::Wait(Mutex* mutex) {
  INVOICE_NEXT("_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE", void, CondVar*, Mutex*);
  const Waiting waiting(mutex);
  next(this, mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  INVOICE_NEXT("_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE", bool, CondVar*, Mutex*,
               Duration);
  const Waiting waiting(mutex);
  return next(this, mutex, timeout);
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  INVOICE_NEXT("_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE", bool, CondVar*, Mutex*, Time);
  const Waiting waiting(mutex);
  return next(this, mutex, deadline);
}

// The two below have atomics beside their Mutex.

bool BlockingCounter::DecrementCount() {
  INVOICE_NEXT("_ZN4absl7debian315BlockingCounter14DecrementCountEv", bool, BlockingCounter*);
  __tsan_release(this);
  return next(this);
}

void BlockingCounter::Wait() {
  INVOICE_NEXT("_ZN4absl7debian315BlockingCounter4WaitEv", void, BlockingCounter*);
  next(this);
  __tsan_acquire(this);
}

void Notification::Notify() {
  INVOICE_NEXT("_ZN4absl7debian312Notification6NotifyEv", void, Notification*);
  // HasBeenNotified() is inline and reads this flag.
  __tsan_release(&notified_yet_);
  next(this);
}

void Notification::WaitForNotification() const {
  INVOICE_NEXT("_ZNK4absl7debian312Notification19WaitForNotificationEv", void, const Notification*);
  next(this);
  __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  INVOICE_NEXT("_ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE", bool,
               const Notification*, Duration);
  const bool notified = next(this, timeout);
  if (notified) __tsan_acquire(const_cast<std::atomic<bool>*>(&notified_yet_));
  return notified;
}

}  // namespace absl
