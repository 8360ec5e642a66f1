#include "rpc/digest.h"

#include <gtest/gtest.h>

#include "invoice/v1/emails.pb.h"

namespace invoice::rpc {
namespace {

v1::CreateSmtpConfigRequest RequestWith(const std::string& password) {
  v1::CreateSmtpConfigRequest request;
  request.mutable_smtp_config()->set_name("Mail");
  if (!password.empty()) request.mutable_smtp_config()->set_password(password);
  return request;
}

TEST(DigestOfRequest, OfASecretCannotBeMadeWithoutTheKey) {
  base::InitCrypto();
  const base::Secret key("one key");
  const std::string digest = DigestOfRequest(RequestWith("secret"), key);
  EXPECT_EQ(digest, DigestOfRequest(RequestWith("secret"), key));
  EXPECT_NE(digest, DigestOfRequest(RequestWith("another"), key));
  EXPECT_NE(digest, DigestOfRequest(RequestWith("secret"), base::Secret("another key")));
  EXPECT_NE(digest, Digest(RequestWith("secret")));
}

TEST(DigestOfRequest, OfAnyOtherRequestOutlivesAChangeOfTheKey) {
  base::InitCrypto();
  EXPECT_EQ(DigestOfRequest(RequestWith(""), base::Secret("one key")), Digest(RequestWith("")));
}

}  // namespace
}  // namespace invoice::rpc
