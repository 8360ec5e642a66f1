#include "gateway/credentials.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "base/status.h"

namespace invoice::gateway {
namespace {

class CredentialsTest : public ::testing::Test {
 protected:
  const Route& RouteOf(const std::string& rpc) {
    const auto& all = routes_->all();
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& route) { return route->rpc == rpc; });
    return found == all.end() ? *all.front() : **found;
  }
  absl::Status Check(const std::string& rpc, Headers headers) {
    HttpRequest request;
    request.headers = std::move(headers);
    return credentials_.Check(RouteOf(rpc), request);
  }

  std::unique_ptr<Routes> routes_ = Routes::Build("invoice.v1").value();
  Credentials credentials_{*routes_};
};

TEST_F(CredentialsTest, AreAskedForWhereTheMethodSaysWhoMayCallIt) {
  for (const char* rpc : {"/invoice.v1.CustomerService/ListCustomers", "/invoice.v1.CustomerService/CreateCustomer",
                          "/invoice.v1.ApiKeyService/CreateApiKey"}) {
    ASSERT_EQ(RouteOf(rpc).rpc, rpc);
    const absl::Status refused = Check(rpc, {});
    EXPECT_EQ(refused.code(), absl::StatusCode::kUnauthenticated);
    EXPECT_EQ(base::DetailOf(refused).reason, base::Reason::kUnauthenticated);
    EXPECT_EQ(refused.message(), "The call needs the header Authorization: Bearer KEY.");
    EXPECT_TRUE(Check(rpc, {{"authorization", "bEARER K"}}).ok());
  }
}

TEST_F(CredentialsTest, MustBeABearerKey) {
  for (const char* bad : {"Bearer", "Bearer ", "Bearer  ", "Basic YTpi", "K", "BearerK"}) {
    EXPECT_EQ(Check("/invoice.v1.CustomerService/ListCustomers", {{"Authorization", bad}}).message(),
              "The header Authorization must be of the form Bearer KEY.")
        << bad;
  }
}

}  // namespace
}  // namespace invoice::gateway
