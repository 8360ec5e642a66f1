#include "gateway/routes/route_hints.h"

#include <gtest/gtest.h>

#include <string>

namespace invoice::gateway {
namespace {

constexpr char kId[] = "0190f5fe-3c2a-7b3e-9c41-5e1d2a3b4c5d";

std::string Nearest(const std::string& path) {
  static const RouteHints& hints = *new RouteHints(
      {"/health", "/health/ready", "/api/docs", "/api/openapi.json", "/api/v1/invoices", "/api/v1/invoices/{id}",
       "/api/v1/invoices/{id}/pdf", "/api/v1/invoices/{id}:cancel", "/api/v1/invoices/{invoiceId}/creditNotes",
       "/api/v1/invoices:runQuick", "/api/v1/runs", "/api/v1/runs:plan", "/api/v1/customers/{id}/contract",
       "/api/v1/smtpConfigs/{id}", "/api/v1/smtpConfigs"});
  return hints.Nearest(path).value_or("");
}

TEST(RouteHints, NameThePathThatWasMeant) {
  const std::string id = kId;
  EXPECT_EQ(Nearest("/api/v1/invoice"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/api/v1/invoices/"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/api/v1//invoices"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/v1/invoices"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/invoices"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/api/invoices"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/api/v2/invoices"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/API/V1/INVOICES"), "/api/v1/invoices");
  EXPECT_EQ(Nearest("/api/v1/invoice/" + id), "/api/v1/invoices/{id}");
  EXPECT_EQ(Nearest("/api/v1/invoices/" + id + "/PDF"), "/api/v1/invoices/{id}/pdf");
  EXPECT_EQ(Nearest("/api/v1/invoices/" + id + "/creditNote"), "/api/v1/invoices/{invoiceId}/creditNotes");
  EXPECT_EQ(Nearest("/api/v1/invoices/" + id + ":cancle"), "/api/v1/invoices/{id}:cancel");
  EXPECT_EQ(Nearest("/api/v1/invoices/" + id + "/cancel"), "/api/v1/invoices/{id}:cancel");
  EXPECT_EQ(Nearest("/api/v1/invoices:runquick"), "/api/v1/invoices:runQuick");
  EXPECT_EQ(Nearest("/api/v1/customers/7/contracts"), "/api/v1/customers/{id}/contract");
  EXPECT_EQ(Nearest("/api/v1/invoices/x/creditNote"), "/api/v1/invoices/{invoiceId}/creditNotes");
  EXPECT_EQ(Nearest("/api/v1/smtp-configs"), "/api/v1/smtpConfigs");
  EXPECT_EQ(Nearest("/heath"), "/health");
  EXPECT_EQ(Nearest("/api/doc"), "/api/docs");
}

TEST(RouteHints, SayNothingWhereNothingIsNear) {
  for (const char* path : {"", "/", "//", "*", "/favicon.ico", "/wp-login.php", "/api/v1/bananas/7/peel", "nonsense"}) {
    EXPECT_EQ(Nearest(path), "") << path;
  }
}

TEST(RouteHints, AreBoundedWhateverIsAsked) {
  EXPECT_EQ(Nearest("/" + std::string(1'000'000, 'a')), "");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "/a:b";
  EXPECT_EQ(Nearest(deep), "");
  EXPECT_EQ(Nearest("/api/v1/invoices/" + std::string(100'000, 'x')), "/api/v1/invoices/{id}");
  EXPECT_EQ(RouteHints({}).Nearest("/api"), std::nullopt);
}

}  // namespace
}  // namespace invoice::gateway
