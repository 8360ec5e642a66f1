// Pages of list methods: page_size and page_token in, next_page_token and total out, the same for every list.
#pragma once

#include "absl/status/statusor.h"
#include "base/limits.h"
#include "base/status.h"
#include "rpc/page_token.h"
#include "store/page.h"

namespace invoice::rpc {

// INVALID_ARGUMENT with INVALID_PAGE_TOKEN where the token does not belong to the request. The field rules bound
// page_size.
template <typename Request>
absl::StatusOr<store::PageRequest> PageOf(const PageTokens& tokens, const Request& request) {
  ASSIGN_OR_RETURN(std::vector<std::string> cursor, tokens.Open(request));
  return store::PageRequest{.size = request.page_size() == 0 ? base::kDefaultPageSize : request.page_size(),
                            .after = std::move(cursor)};
}

// Writes all of the answer but the records.
template <typename Request, typename Record, typename Response>
void SetPage(const PageTokens& tokens, const Request& request, const store::Page<Record>& page, Response* response) {
  response->set_next_page_token(tokens.Seal(request, page.next));
  response->set_total_size(static_cast<int32_t>(page.total_size));
  response->set_total_size_capped(page.total_capped);
}

}  // namespace invoice::rpc
