// Who calls, with what key, and what a change answers. rpc/ and jobs/ make a Call; every use case takes one. Plain
// data.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace invoice::app {

// What a caller may do; each role may what the ones before it may (domain rules: "People and keys").
enum class Role { kViewer, kFinance, kAdmin };

struct Actor {
  std::string id;    // UUID of the API key; "system" for the worker and the scheduler
  std::string name;  // for the audit trail
  Role role = Role::kViewer;
};

struct Call {
  Actor actor;
  std::string method;  // "invoice.v1.InvoiceService/RunQuick", or "job/SEND_EMAIL"
  std::string request_id;
  std::string remote;  // the client's address
  absl::Time deadline = absl::InfiniteFuture();
  std::string idempotency_key;     // empty: none
  std::string idempotency_digest;  // over a canonical text of the request's fields
};

// What a request gives, read with the stored record that it depends on: its amounts are in a currency that is stored. A
// use case calls it inside the transaction that holds that record, and after the idempotency key was looked up. Given
// by rpc/, which knows the request.
template <typename Given, typename Stored>
using ReadWith = std::function<absl::StatusOr<Given>(const Stored& stored)>;

// What is kept with an idempotency key: the answer in rpc/'s own encoding, which app/ does not look into.
template <typename Result>
using Encode = std::function<std::string(const Result&)>;

// The answer to a change: the fresh result, or the kept encoding of the first answer to the same key.
template <typename Result>
struct Outcome {
  Result result;
  std::string kept;  // meaningful where `replayed`
  bool replayed = false;
};

}  // namespace invoice::app
