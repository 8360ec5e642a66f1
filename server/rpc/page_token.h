// Page tokens: the cursor of a list, sealed so that nobody can read, make or move one. A token belongs to one request
// type with all its filters, lasts kPageTokenKeep, and says nothing about the page size. Immutable; safe to share
// between threads.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/clock.h"
#include "base/secret.h"

namespace invoice::rpc {

class PageTokens {
 public:
  // `secret` is SECRET_KEY: all servers of an installation have the same, so any of them serves the next page. The
  // clock must outlive this.
  PageTokens(const base::Secret& secret, const base::Clock& clock);

  // The token of the page after the row with these sort values; empty where `cursor` is. `request` is the list request
  // that was answered.
  std::string Seal(const google::protobuf::Message& request, const std::vector<std::string>& cursor) const;

  // The cursor in the request's page_token, empty where that is. INVALID_ARGUMENT on pageToken with INVALID_PAGE_TOKEN
  // where the token is not ours, too old, or belongs to other filters.
  absl::StatusOr<std::vector<std::string>> Open(const google::protobuf::Message& request) const;

 private:
  base::KeyRing keys_;
  const base::Clock& clock_;
};

}  // namespace invoice::rpc
