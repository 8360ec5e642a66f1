#include "redis/redis_signals.h"

#include <algorithm>
#include <string>
#include <utility>

#include "Poco/Exception.h"
#include "Poco/Net/SocketAddress.h"
#include "Poco/Redis/Client.h"
#include "Poco/Redis/Type.h"
#include "base/status.h"

namespace invoice::redis {
namespace {

using Poco::Redis::Array;

using SteadyTime = std::chrono::steady_clock::time_point;

// What is left of a call; throws where that is nothing.
Poco::Timespan TimeLeft(SteadyTime deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::microseconds>(deadline - std::chrono::steady_clock::now());
  if (left.count() <= 0) throw Poco::TimeoutException("no answer in time");
  return Poco::Timespan(left.count());
}

Poco::Net::SocketAddress SocketAddressOf(const RedisAddress& address) {
  using Poco::Net::SocketAddress;
  if (!address.socket_path.empty()) return SocketAddress(SocketAddress::UNIX_LOCAL, address.socket_path);
  return SocketAddress(address.host, static_cast<Poco::UInt16>(address.port));
}

// Throws where the server answers with an error.
void Execute(Poco::Redis::Client& client, const Array& command, SteadyTime deadline) {
  client.setReceiveTimeout(TimeLeft(deadline));
  const Poco::Redis::RedisType::Ptr reply = client.sendCommand(command);
  if (reply->isError()) throw Poco::IOException("refused by Redis");
}

void LogIn(Poco::Redis::Client& client, const RedisAddress& address, SteadyTime deadline) {
  if (!address.password.empty()) {
    Array auth;
    auth.add(std::string("AUTH"));
    if (!address.username.empty()) auth.add(address.username);
    auth.add(std::string(address.password.Reveal()));
    Execute(client, auth, deadline);
  }
  if (address.database != 0) {
    Array select;
    select.add(std::string("SELECT")).add(std::to_string(address.database));
    Execute(client, select, deadline);
  }
}

}  // namespace

RedisSignals::RedisSignals(RedisAddress address) : address_(std::move(address)) {}
RedisSignals::~RedisSignals() = default;

bool RedisSignals::Ping() {
  Array command;
  command.add(std::string("PING"));
  return Run(command);
}

void RedisSignals::Publish(std::string_view channel, std::string_view text) {
  if (channel.size() + text.size() > kMaxTextBytes) return;
  Array command;
  command.add(std::string("PUBLISH")).add(std::string(channel)).add(std::string(text));
  Run(command);
}

bool RedisSignals::Run(const Array& command) {
  const absl::MutexLock lock(&mutex_);
  // A kept connection may have been ended meanwhile, so a failure on one earns a second try at once.
  const bool kept = client_ != nullptr;
  const SteadyTime deadline = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(kCallTimeout);
  for (int tries = kept ? 2 : 1; tries > 0; --tries) {
    if (client_ == nullptr && std::chrono::steady_clock::now() < not_before_) return false;
    try {
      EnsureConnected(deadline);
      Execute(*client_, command, deadline);
      back_off_ = kFirstBackOff;
      return true;
    } catch (const Poco::Exception&) {
      client_.reset();
    } catch (const std::exception&) {
      client_.reset();
    }
  }
  Fail();
  return false;
}

void RedisSignals::EnsureConnected(SteadyTime deadline) {
  if (client_ != nullptr) return;
  auto client = std::make_unique<Poco::Redis::Client>();
  client->connect(SocketAddressOf(address_), TimeLeft(deadline));
  LogIn(*client, address_, deadline);
  client_ = std::move(client);
}

void RedisSignals::Fail() {
  not_before_ = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(back_off_);
  back_off_ = std::min(back_off_ * 2, kLongestBackOff);
}

absl::StatusOr<std::unique_ptr<Signals>> MakeSignals(std::string_view url) {
  if (url.empty()) return std::unique_ptr<Signals>(new NoSignals);
  ASSIGN_OR_RETURN(RedisAddress address, ParseRedisUrl(url));
  return std::unique_ptr<Signals>(new RedisSignals(std::move(address)));
}

}  // namespace invoice::redis
