// How a change is answered, and answered again: a fresh result is converted, and the bytes of that answer are what is
// kept with an idempotency key; a replay reads those bytes back. app/ runs the change and never looks into the bytes.
#pragma once

#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "app/call.h"
#include "base/status.h"
#include "rpc/serve.h"

namespace invoice::rpc {

// The kept bytes as the answer they were.
template <typename Response>
absl::StatusOr<Response> ReadKept(const std::string& kept) {
  Response response;
  if (!response.ParseFromString(kept))
    return absl::InternalError("the kept answer of an idempotency key cannot be read");
  return response;
}

// Runs `run(encode)`, which answers absl::StatusOr<app::Outcome<Result>>, and answers its result as `convert` sees it.
//   return Answer<domain::Vendor>(context, VendorToProto, [&](const auto& encode) {
//     return vendors.Create(context.call(), vendor, encode);
//   });
template <typename Result, typename Convert, typename Run>
auto Answer(Context& context, const Convert& convert, const Run& run)
    -> absl::StatusOr<std::decay_t<decltype(convert(std::declval<const Result&>()))>> {
  using Response = std::decay_t<decltype(convert(std::declval<const Result&>()))>;
  const app::Encode<Result> encode = [&convert](const Result& result) { return convert(result).SerializeAsString(); };
  ASSIGN_OR_RETURN(const app::Outcome<Result> outcome, run(encode));
  if (!outcome.replayed) return convert(outcome.result);
  context.MarkReplayed();
  return ReadKept<Response>(outcome.kept);
}

}  // namespace invoice::rpc
